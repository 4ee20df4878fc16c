// Figure 5 of the VTC paper: a client that comes and goes below its share, beside one that always asks for more.
import type { Card, CardPoint } from "../card.ts";
import {
  busyTtft,
  fairnessOf,
  FITTED,
  lastAnswer,
  lightTtft,
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

const base = suiteOf("vtc-on-off-less");
const AT = ticksTo(580);
/** Minute of the window's middle, and service per second of both clients. */
const PUBLISHED: readonly (readonly [minute: number, client0: number, client1: number])[] = [
  [40, 347.88, 1051.08],
  [100, 27.46, 1297.87],
  [160, 348.69, 971.02],
  [220, 31.32, 1288.22],
  [280, 363.2, 957.99],
  [340, 6.56, 1310.51],
  [400, 381.54, 933.88],
  [460, 18.21, 1303.66],
  [520, 355, 967.58],
  [580, 21.41, 1300.82],
];
const published = (client: 1 | 2): CardPoint[] => PUBLISHED.map((row) => [row[0] / 60, row[client]]);

export const vtcOnOff: Card = {
  id: "vtc-on-off",
  title: "Gone for a minute, served at once",
  question: "order",
  topic: "Fairness",
  from: "Virtual token counter, figure 5",
  source: logsOf("run on_off_less"),
  lesson: "What one leaves the other takes; who comes back is served within seconds.",
  differences: `${FITTED}; first tokens of the busy client within 10 %, of the other within 2 s.`,
  scenario: () => base,
  runs: () => [served("vtc", ordered(base, "vtc-artifact"), AT)],
  read: (of) => {
    const run = of("vtc");
    const { service } = fairnessOf(run);
    return {
      chart: {
        x: "minutes",
        y: "service per second",
        series: [0, 1].map((client) => ({
          name: `client ${client}`,
          kind: "line",
          ours: overMinutes(AT, service[client]!),
          published: published(client === 0 ? 1 : 2),
        })),
      },
      values: [
        shareValue("client 0, share of the service", 14.4, shareOf(service, 0, AT, 60, 560)),
        lightTtft("client 0, mean TTFT", 3.499, ttftOf(run, 0)),
        busyTtft("client 1, mean TTFT", 102.431, ttftOf(run, 1)),
        lastAnswer("last answer", 787.828, run),
      ],
    };
  },
};
