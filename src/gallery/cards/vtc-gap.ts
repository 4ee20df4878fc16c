// Figure 3 of the VTC paper: accumulated service of two clients that both overload the server, largest less smallest.
import type { Card, CardPoint } from "../card.ts";
import { fairnessOf, logsOf, ordered, served, shareOf, shareValue, suiteOf } from "../vtc-suites.ts";

const base = suiteOf("vtc-overload");
/** Seconds at which the paper's figure has its ticks. */
const TICKS = Array.from({ length: 20 }, (_, i) => 30 * i);
/** Service of the artifact's runs at some of them, in input plus twice output tokens. */
const FCFS_PUBLISHED: readonly CardPoint[] = [
  [120, 51341.6],
  [240, 103636.0],
  [360, 156699.2],
  [480, 209117.8],
  [570, 248716.0],
];
const VTC_PUBLISHED: readonly CardPoint[] = [
  [120, 211.9],
  [240, 853.7],
  [360, 1674.1],
  [480, 406.9],
  [570, 559.2],
];
/** Client 0's share of the service from 60 to 560 s, %. */
const SHARES = { vtc: 49.96, fcfs: 33.34 } as const;
/** 2U: twice the cost of as many output tokens as the KV pool holds. */
const BOUND = 40_000;

const inThousands = (points: readonly CardPoint[]): CardPoint[] => points.map(([at, gap]) => [at / 60, gap / 1000]);

export const vtcGap: Card = {
  id: "vtc-gap",
  title: "The service gap stays bounded",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 3",
  source: logsOf("runs overload, 600 s"),
  lesson: "First come grows without limit in favour of who sends more; the counter keeps a constant gap.",
  differences:
    "Batch times are lines by phase from the artifact's profile of its kernels, host times from two of its runs. First come is within 5 % at every tick shown, shares of service within 3 points; of the counter only that the gap stays under its bound 2U at all ticks is asked: its value at a tick is which client's turn it happens to be.",
  scenario: () => base,
  runs: () => ["vtc", "fcfs"].map((order) => served(order, ordered(base, order), TICKS)),
  read: (of) => {
    const gap = (key: string): CardPoint[] => TICKS.map((at, i) => [at, fairnessOf(of(key)).gap[i]!]);
    const fcfs = gap("fcfs");
    return {
      chart: {
        x: "minutes",
        y: "service gap, thousand",
        series: [
          { name: "VTC", kind: "line", ours: inThousands(gap("vtc")), published: inThousands(VTC_PUBLISHED) },
          { name: "first come", kind: "line", ours: inThousands(fcfs), published: inThousands(FCFS_PUBLISHED) },
        ],
      },
      values: [
        ...FCFS_PUBLISHED.map(([at, published]) => ({
          name: `first come, gap at ${at} s`,
          unit: "",
          published,
          ours: fcfs.find(([tick]) => tick === at)![1],
          within: { relative: 0.05 },
        })),
        ...(["vtc", "fcfs"] as const).map((key) =>
          shareValue(
            `${key === "vtc" ? "VTC" : "first come"}, client 0's share`,
            SHARES[key],
            shareOf(fairnessOf(of(key)).service, 0, TICKS, 60, 560),
          ),
        ),
        {
          name: "VTC, largest gap: under its bound",
          unit: "",
          published: BOUND,
          ours: Math.max(...gap("vtc").map(([, value]) => value)),
          within: { atMost: 0 },
        },
      ],
    };
  },
};
