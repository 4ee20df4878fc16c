// Figure 9 of the VTC paper: one client sends more and more; the other does not change.
import type { Card, CardPoint } from "../card.ts";
import { under } from "../signs.ts";
import { busyTtft, fairnessOf, FITTED, lastAnswer, logsOf, ordered, overMinutes, served, suiteOf, ticksTo, ttftOf } from "../vtc-suites.ts";

const base = suiteOf("vtc-increase");
const GAP_AT = 570;
const WINDOWS = ticksTo(600);
const AT = [...WINDOWS, GAP_AT];
/** Mean TTFT of client 0 about these seconds, under first come. */
const PUBLISHED: readonly (readonly [at: number, seconds: number])[] = [
  [60, 0.207],
  [120, 0.216],
  [180, 0.28],
  [240, 0.274],
  [300, 0.329],
  [360, 0.52],
  [420, 3.62],
  [480, 11.151],
  [540, 22.47],
  [600, 36.753],
];
/** 2 (n - 1) U / a of theorem 4: n = 2, U = 20,000, and a = 1,115 per second, what the published run served in the mean. */
const WAIT_BOUND = 40_000 / 1115;

export const vtcIncrease: Card = {
  id: "vtc-increase",
  title: "Another client's growth is not yours",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 9",
  source: `${logsOf("run increase under first come")}; the bound is theorem 4 of the paper`,
  lesson: "First come makes everybody wait for the one who grows; the counter lets only that one wait.",
  differences: `${FITTED}; first tokens within 10 %, the gap within 5 %. The server is full only in the last minutes: its queue is the small difference of what is asked and served, and a percent of speed many percent of a wait, so waits are missed. The counter's run is not published: its client 0 is asked to wait less than theorem 4 allows.`,
  scenario: () => base,
  runs: () => ["fcfs", "vtc"].map((order) => served(order, ordered(base, order), AT)),
  read: (of) => {
    const [fcfs, vtc] = [of("fcfs"), of("vtc")];
    const waits = (figures: typeof fcfs): readonly number[] => fairnessOf(figures).response[0]!.slice(0, WINDOWS.length);
    const at600 = (figures: typeof fcfs): number => waits(figures).at(-1)!;
    return {
      chart: {
        x: "minutes",
        y: "TTFT of client 0, s",
        series: [
          { name: "VTC", kind: "line", ours: overMinutes(WINDOWS, waits(vtc)), published: [] },
          {
            name: "first come",
            kind: "line",
            ours: overMinutes(WINDOWS, waits(fcfs)),
            published: PUBLISHED.map(([at, seconds]): CardPoint => [at / 60, seconds]),
          },
        ],
      },
      values: [
        busyTtft("first come, TTFT of client 0 at 600 s", 36.753, at600(fcfs)),
        busyTtft("first come, mean TTFT of client 1", 11.711, ttftOf(fcfs, 1)),
        { name: "first come, gap at 570 s", unit: "", published: 206031.2, ours: fairnessOf(fcfs).gap.at(-1)!, within: { relative: 0.05 } },
        lastAnswer("first come, last answer", 661.336, fcfs),
        under(
          "VTC, longest TTFT of client 0 in a window: under its bound",
          WAIT_BOUND,
          Math.max(...waits(vtc).filter(Number.isFinite)),
          "s",
        ),
      ],
    };
  },
};
