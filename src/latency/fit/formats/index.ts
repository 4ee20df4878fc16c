// The files of measurements that a fit reads.
import { registry } from "../../../engine/registry.ts";
import { logFormats } from "./logs.ts";
import { tableFormats } from "./tables.ts";
import type { FitFormat } from "./types.ts";

export const fitFormats: readonly FitFormat[] = registry("format of measurements", [...tableFormats, ...logFormats]);
