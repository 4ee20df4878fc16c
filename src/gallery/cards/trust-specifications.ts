// Is a run from data sheets alone near a measured one? vLLM at constant rates on H100 and A100.
import type { Card } from "../card.ts";
import { under } from "../signs.ts";
import { cardRunOf, cardRunsOf, e2eChart, fromSpecifications, medianError, simulated } from "../vllm-runs.ts";

const MODELS = [
  { id: "llama-2-7b", name: "Llama-2-7B" },
  { id: "llama-3.1-8b", name: "Llama-3.1-8B" },
  { id: "mixtral-8x7b", name: "Mixtral-8x7B" },
  { id: "qwen2.5-7b", name: "Qwen2.5-7B" },
] as const;
/** Errors of BLIS on runs of its own validation set, by its authors, %. */
const BLIS = { E2E: 6.7, TTFT: 17.6, TPOT: 7.1 } as const;

export const trustSpecifications: Card = {
  id: "trust-specifications",
  title: "Seconds from data sheets",
  question: "trust",
  topic: "Validation",
  from: "vLLM 0.15, H100 and A100, 33 measured runs",
  source:
    "inference-sim/sim-to-real-accuracy-validation at 8fb2a1b and dcec3fd: means of 33 runs whose model the catalog has, and the errors of BLIS as its authors publish them",
  lesson: "GPU and model facts alone say how long requests take, to about a tenth.",
  differences:
    "Each run again by its recorded settings, as under Validation; 7 ms of client and server are added to times, which the simulator has not. Means of a model's runs within 10 %, the target of runs from specifications; median errors at most those that BLIS has on runs of its choice, these among them.",
  scenario: () => cardRunOf(fromSpecifications[0]!).scenario,
  runs: () => cardRunsOf(fromSpecifications),
  read: (of) => ({
    chart: e2eChart(fromSpecifications, of),
    values: [
      ...MODELS.map(({ id, name }) => {
        const runs = fromSpecifications.filter(({ setup }) => setup.model === id);
        const mean = (value: (run: (typeof runs)[number]) => number): number =>
          runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
        return {
          name: `${name}, mean E2E of ${runs.length} ${runs.length === 1 ? "run" : "runs"}`,
          unit: "s",
          published: mean(({ measured }) => measured.E2E),
          ours: mean((run) => simulated(of(run.name)).E2E),
          within: { relative: 0.1 },
        };
      }),
      ...(["E2E", "TTFT", "TPOT"] as const).map((quantity) =>
        under(`median error of ${quantity}: at most that of BLIS`, BLIS[quantity], medianError(fromSpecifications, of, quantity), "%"),
      ),
    ],
  }),
};
