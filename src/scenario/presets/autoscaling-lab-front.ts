// The front that the autoscaling lab for Vidur published: total cost and P90 end-to-end latency of its three service levels.
import type { PresetSweep } from "./preset.ts";

const lab = {
  x: "cost",
  y: "e2e.p90",
  /** As the lab's notebook has it: 50 dollars and half a second. */
  reference: [50, 0.5],
  published: {
    source:
      "notebook of the lab's release, github.com/Nisarg-M-Patel/vidur_autoscaling: total cost and P90 of its levels 1, 2, 3, on its own trace",
    points: [
      { label: "1", x: 36.079, y: 0.278698 },
      { label: "2", x: 38.3128, y: 0.237716 },
      { label: "3", x: 40.6573, y: 0.192705 },
    ],
  },
} as const;

export const labSweep = (path: string, values: string): PresetSweep => ({ path, values, seeds: 10, ...lab });
