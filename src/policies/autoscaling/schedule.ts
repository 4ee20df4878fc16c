// A timetable: so many replicas from each time on.
import { definePolicy } from "../../engine/contracts.ts";
import { number, table } from "../../engine/params.ts";

export const schedule = definePolicy({
  kind: "autoscaling",
  id: "schedule",
  label: "Timetable",
  help: "From each time on, this many replicas, whatever the load. For known days, and as the best that any policy could have done.",
  params: {
    replicas: table(
      [
        [0, 2],
        [300, 4],
      ],
      [
        { id: "time", label: "From", unit: "s", min: 0, max: 1e9 },
        { id: "replicas", label: "Replicas", min: 1, max: 65536 },
      ],
      "Orders go out at these times: a replica serves its start-up delay later.",
      "Replicas",
    ),
    repeatSeconds: number(0, "Start the table again after this long; 0 = never.", { label: "Repeat after", min: 0, max: 1e9, unit: "s" }),
    tick: number(1, "Time between two looks at the table.", { label: "Every", min: 0.1, max: 3600, unit: "s" }),
  },
  create: ({ replicas, repeatSeconds, tick }) => {
    // The latest first.
    const rows = [...replicas].sort((a, b) => b[0]! - a[0]!);
    return {
      tickSeconds: tick,
      tick: (pool) => {
        const time = repeatSeconds > 0 ? pool.now % repeatSeconds : pool.now;
        const row = rows.find(([from]) => from! <= time);
        if (row === undefined) return 0;
        pool.because("replicas in the timetable", row[1]!);
        return Math.round(row[1]!) - pool.ordered;
      },
    };
  },
});
