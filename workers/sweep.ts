// A sweep worker: one run of an experiment after another. The page keeps as many as the machine has cores to spare.
import { expose, transfer } from "comlink";
import { createSweepRunner } from "../src/analysis/sweep-host.ts";
import type { SweepHost } from "../src/web/rpc/protocol.ts";

const runner = createSweepRunner();

const host: SweepHost = {
  useFiles: (files) => runner.useFiles(files),
  run: async (scenario, measure) => {
    const answer = await runner.run(scenario, measure);
    if (!answer.ok) return answer;
    const { at, serving, costPerHour } = answer.figures.fleet;
    return transfer(answer, [at.buffer, serving.buffer, costPerHour.buffer] as ArrayBuffer[]);
  },
};

expose(host);
