// The replay worker: runs a scenario once more for what the live run does not keep. One question each; then the page ends it.
import { expose } from "comlink";
import { replayHost } from "../src/scenario/replay.ts";

expose(replayHost);
