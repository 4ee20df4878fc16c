// What a few measured runs are good for: parameters fitted to them, and others of the same model asked.
import type { Card } from "../card.ts";
import { under } from "../signs.ts";
import { calibrated, cardRunOf, cardRunsOf, e2eChart, medianError } from "../vllm-runs.ts";

/** Targets of calibrated runs, %. */
const TARGETS = { E2E: 3, TTFT: 8, TPOT: 3 } as const;

export const trustCalibrated: Card = {
  id: "trust-calibrated",
  title: "A few runs foretell the others",
  question: "trust",
  topic: "Validation",
  from: "vLLM 0.15, H100, 19 measured runs",
  source:
    "inference-sim/sim-to-real-accuracy-validation at 8fb2a1b and dcec3fd, and inference-sim/training at ed5c1d2: means of the runs; the targets are this project's",
  lesson: "Calibrated to some runs of a model, it says the others within three percent.",
  differences:
    "Parameters of the roofline were fitted to other runs of the same model and sharding, as Calibrate under Validation does with yours; none of these 19. They are alike, though: it says nothing of another engine. 7 ms of client and server are added to times. One run, 22 at its second rate, is 15 % slower than the same traffic elsewhere, which nothing recorded explains.",
  scenario: () => cardRunOf(calibrated[0]!).scenario,
  runs: () => cardRunsOf(calibrated),
  read: (of) => ({
    chart: e2eChart(calibrated, of),
    values: (["E2E", "TTFT", "TPOT"] as const).map((quantity) =>
      under(`median error of ${quantity}: at most the target`, TARGETS[quantity], medianError(calibrated, of, quantity), "%"),
    ),
  }),
};
