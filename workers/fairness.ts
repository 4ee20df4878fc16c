// The fairness worker: what the tenants of a run were served, worked out beside the page.
import { expose } from "comlink";
import { fairnessCurves } from "../src/analysis/fairness-curves.ts";
import type { FairnessHost } from "../src/web/rpc/protocol.ts";

const host: FairnessHost = { curves: fairnessCurves };

expose(host);
