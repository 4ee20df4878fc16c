// The fit worker: a session behind messages. Columns are copied, for the session goes on with its own.
import { expose } from "comlink";
import { createFitSession } from "../src/latency/fit/session.ts";

expose(createFitSession(() => performance.now()));
