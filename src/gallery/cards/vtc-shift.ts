// Figure 10 of the VTC paper: traffic in three phases; idle time must not become credit.
import type { Card, CardPoint } from "../card.ts";
import { over } from "../signs.ts";
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

const base = suiteOf("vtc-dist-shift");
const AT = ticksTo(880);
/** Seconds of windows that lie within a phase, and client 0's share there, %. */
const PHASES = [
  { name: "first phase", from: 60, to: 260, share: 12.85 },
  { name: "second phase", from: 360, to: 560, share: 50 },
  { name: "third phase", from: 740, to: 860, share: 28.25 },
] as const;
/** Service per second of client 0 about these seconds. */
const PUBLISHED: readonly CardPoint[] = [
  [40, 341.73],
  [100, 35.4],
  [160, 361.24],
  [220, 14.32],
  [280, 384.53],
  [340, 659.53],
  [400, 675.48],
  [460, 680.74],
  [520, 681.63],
  [580, 675.51],
  [640, 681.74],
  [700, 541.09],
  [760, 380.7],
  [820, 382.61],
  [880, 371.23],
];

export const vtcShift: Card = {
  id: "vtc-shift",
  title: "Idle time is no credit",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 10",
  source: logsOf("run dist_shift; figure 10 for least counter first"),
  lesson: "Without the counter's lift, time idle in one phase is paid back in the next.",
  differences: `${FITTED}; first tokens within 10 %. Client 0 waits in the second phase alone, where it asks for an eighth more than it gets: a percent of speed is many percent of its wait. The run with least counter first is not published as a log: asked is its sign, more than half for client 0 in the second phase.`,
  scenario: () => base,
  runs: () => ["vtc-artifact", "least-counter-first"].map((order) => served(order, ordered(base, order), AT)),
  read: (of) => {
    const [vtc, least] = [of("vtc-artifact"), of("least-counter-first")];
    const service = (figures: typeof vtc) => fairnessOf(figures).service;
    return {
      chart: {
        x: "minutes",
        y: "client 0, service per second",
        series: [
          {
            name: "VTC",
            kind: "line",
            ours: overMinutes(AT, service(vtc)[0]!),
            published: PUBLISHED.map(([at, rate]): CardPoint => [at / 60, rate]),
          },
          { name: "least counter", kind: "line", ours: overMinutes(AT, service(least)[0]!), published: [] },
        ],
      },
      values: [
        ...PHASES.map(({ name, from, to, share }) =>
          shareValue(`client 0's share, ${name}`, share, shareOf(service(vtc), 0, AT, from, to)),
        ),
        busyTtft("client 0, mean TTFT", 16.334, ttftOf(vtc, 0)),
        busyTtft("client 1, mean TTFT", 124.27, ttftOf(vtc, 1)),
        lastAnswer("last answer", 1070.863, vtc),
        over("least counter first, client 0's share, second phase: over half", 50, shareOf(service(least), 0, AT, 360, 560), "%"),
      ],
    };
  },
};
