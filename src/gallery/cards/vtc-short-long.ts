// Figure 7 of the VTC paper: many short requests beside few long ones.
import type { Card, CardPoint } from "../card.ts";
import { under } from "../signs.ts";
import {
  busyTtft,
  fairnessOf,
  FITTED,
  lastAnswer,
  logsOf,
  ordered,
  overMinutes,
  served,
  shareOf,
  shareValue,
  suiteOf,
  ticksTo,
  ttftOf,
} from "../vtc-suites.ts";

const base = suiteOf("vtc-short-long");
/** The figure's ticks of the gap; windows of the shares. */
const STEP = 29.2;
const TICKS = Array.from({ length: 20 }, (_, i) => STEP * i);
const WINDOWS = ticksTo(540);
const AT = [...TICKS, ...WINDOWS];
const GAPS = {
  vtc: [18099.3, 10886.1, 15248.8, 16581.8, 13112.4, 16052.5],
  fcfs: [34829.4, 53200.4, 91940.8, 120983, 166146, 211842.1],
} as const;
const PUBLISHED_AT = [4, 7, 10, 13, 16, 19].map((tick) => STEP * tick);
const circles = (key: keyof typeof GAPS): CardPoint[] => overMinutes(PUBLISHED_AT, GAPS[key], 1000);

export const vtcShortLong: Card = {
  id: "vtc-short-long",
  title: "Fair in tokens, not in requests",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 7",
  source: logsOf("runs poisson_short_long"),
  lesson: "Five times as many requests, four times shorter: the counter gives both clients the same work.",
  differences: `${FITTED}; first tokens within 10 %; the gap of first come within 5 % at the last tick. Of the counter's gap only that it stays under 2U is asked: its value is whose turn it happens to be. Service counts two tokens more per prompt.`,
  scenario: () => base,
  runs: () => ["vtc-artifact", "fcfs"].map((order) => served(order, ordered(base, order), AT)),
  read: (of) => {
    const [vtc, fcfs] = [of("vtc-artifact"), of("fcfs")];
    const gaps = (figures: typeof vtc): readonly number[] => fairnessOf(figures).gap.slice(0, TICKS.length);
    const share = (figures: typeof vtc): number =>
      shareOf(
        fairnessOf(figures).service.map((rates) => rates.slice(TICKS.length)),
        0,
        WINDOWS,
        60,
        540,
      );
    return {
      chart: {
        x: "minutes",
        y: "service gap, thousand",
        series: [
          { name: "VTC", kind: "line", ours: overMinutes(TICKS, gaps(vtc), 1000), published: circles("vtc") },
          { name: "first come", kind: "line", ours: overMinutes(TICKS, gaps(fcfs), 1000), published: circles("fcfs") },
        ],
      },
      values: [
        shareValue("VTC, client 0's share", 49.96, share(vtc)),
        shareValue("first come, client 0's share", 58.37, share(fcfs)),
        { name: "first come, gap at 555 s", unit: "", published: 211842.1, ours: gaps(fcfs).at(-1)!, within: { relative: 0.05 } },
        under("VTC, largest gap: under 2U", 40_000, Math.max(...gaps(vtc))),
        busyTtft("VTC, client 0, mean TTFT", 132.712, ttftOf(vtc, 0)),
        busyTtft("VTC, client 1, mean TTFT", 44.856, ttftOf(vtc, 1)),
        lastAnswer("VTC, last answer", 737.394, vtc),
        lastAnswer("first come, last answer", 721.936, fcfs),
      ],
    };
  },
};
