// The fit worker as the page calls it. Loaded with the screen of latency models.
//
// One worker serves the screen: `read` a file, `fit` what was read, `model` for the file to keep; `cancel` stops what goes on and keeps what is
// finished. Everything that a screen shows comes from the answer of `read` (rows, refused lines, columns) and from the events of `fit`: a `form`
// each (coefficients, errors, columns over the rows that were read), `intervals` block by block, `nested` when the error of `selected` is checked,
// `progress` some forty times a second at most. Listeners are handed over with `proxy`. Files are read in the worker; nothing of a fit runs on the page.
import type { FitHost } from "../../latency/fit/session-types.ts";
import { connect, type Connection } from "./client.ts";

export const connectFit = (onCrash: (why: string) => void): Connection<FitHost> =>
  connect(new Worker(new URL("../../../workers/fit.ts", import.meta.url), { type: "module", name: "fit" }), onCrash);
