// Trace worker: reads files away from the main thread, traces and profiles of operator times.
import { expose, transfer } from "comlink";
import type { TraceHost } from "../src/web/rpc/protocol.ts";
import { buffersOf, traceReader } from "../src/workload/trace-host.ts";

const reader = traceReader(() => performance.now());

const host: TraceHost = {
  read: async (file, mapping, onProgress) => {
    const outcome = await reader.read(file, mapping, onProgress);
    return outcome.ok ? transfer(outcome, buffersOf(outcome.trace)) : outcome;
  },
  readProfile: async (files, onProgress) => {
    const { profileBuffers, readProfileFiles } = await import("../src/latency/profile/host.ts");
    const outcome = await readProfileFiles(files, onProgress, () => performance.now());
    return outcome.ok ? transfer(outcome, profileBuffers(outcome.profile)) : outcome;
  },
  cancel: async () => reader.cancel(),
};

expose(host);
