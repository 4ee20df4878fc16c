// Which requests of a run count, the same as on the command line.
import type { Window } from "../../../analysis/types.ts";

/** A limit on the rate is one of the steady fleet: its filling is left out. */
export const GOODPUT_WINDOW: Window = [0.1, 1];
/** A fleet that is paid for the whole time answers for all of it. */
export const FLEET_WINDOW: Window = [0, 1];
