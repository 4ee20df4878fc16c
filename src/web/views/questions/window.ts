// Which requests of a run count for a search: the fleet starts empty and ends empty, and neither is what is asked about.
import type { Window } from "../../../analysis/types.ts";

export const WINDOW: Window = [0.1, 0.95];
export const WINDOW_TEXT = "The first 10 % and the last 5 % of the requests do not count: the fleet fills and empties.";
