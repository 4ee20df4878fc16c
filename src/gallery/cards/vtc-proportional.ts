// Figure 4 of the VTC paper: two clients below their share, one above it: who waits?
import { vtcPresets } from "../../scenario/presets/vtc.ts";
import type { Card } from "../card.ts";
import { changed } from "../varied.ts";

const base = vtcPresets.find(({ id }) => id === "vtc-proportional")!.scenario;
const CLIENTS = ["client 0", "client 1", "client 2"] as const;
/** Mean seconds to the first token, of the artifact's run. */
const PUBLISHED = [4.763, 4.866, 124.379] as const;

export const vtcProportional: Card = {
  id: "vtc-proportional",
  title: "Who asks for less does not wait",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 4",
  source:
    "logs of the VTC artifact, github.com/Ying1123/VTC-artifact at 192c2e2 (Sheng et al., OSDI 2024): Llama-7B on an A10G, run proportional",
  lesson: "Two clients below their share are answered in seconds; the one above it waits for its own excess.",
  differences:
    "The artifact's client adds the time of the connection; batch times are a line fitted to makespans, and a queue that builds up for ten minutes multiplies what is left of 3 %: first tokens within 10 %.",
  scenario: base,
  runs: [{ key: "vtc", scenario: changed(base, ['pools[0].ordering={"id":"vtc-artifact"}']), measure: { fairness: { at: [] } } }],
  read: (of) => {
    const ours = of("vtc").fairness!.report.tenants.map(({ ttftMean }) => ttftMean!);
    return {
      chart: {
        x: "client",
        y: "mean TTFT, s",
        categories: CLIENTS,
        series: [
          { name: "mean TTFT", kind: "bars", ours: ours.map((value, i) => [i, value]), published: PUBLISHED.map((value, i) => [i, value]) },
        ],
      },
      values: [
        ...CLIENTS.map((name, i) => ({
          name: `${name}, mean TTFT`,
          unit: "s",
          published: PUBLISHED[i]!,
          ours: ours[i]!,
          within: { relative: 0.1 },
        })),
        { name: "last answer", unit: "s", published: 782.437, ours: of("vtc").makespan, within: { relative: 0.05 } },
      ],
    };
  },
};
