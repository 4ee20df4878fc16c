// Latencies over time: bands of percentiles, with the limit of the SLO. Pure.
import type { RunPicture } from "../../rpc/protocol.ts";
import { fixed, limit, seconds, significant, withUnit } from "../../ui/format.ts";
import type { Limit } from "../moment.ts";
import { bucketed, csv, ghostLine, highest, numberTicks } from "./columns.ts";
import { valueAt, type Column, type TrackModel } from "./model.ts";
import { logTicks, ticksFromZero } from "./ticks.ts";

type Bands = readonly [p50: Column, p90: Column, p99: Column];

function bandTrack(
  spec: Pick<TrackModel, "id" | "title" | "unit" | "height" | "domain" | "log" | "ticks">,
  [p50, p90, p99]: Bands,
  ghost: Column | null,
  strict: Limit | null,
  show: (value: number) => string,
): TrackModel {
  const bound = strict?.value ?? null;
  return {
    ...spec,
    marks: [{ kind: "bands", p50, p90, p99 }, ...ghostLine(ghost)],
    ...(bound === null ? {} : { limit: { value: bound, text: `SLO ${show(bound)}${strict?.className ? `, ${strict.className}` : ""}` } }),
    labelsAt: (time) =>
      (
        [
          ["P99", p99],
          ["P90", p90],
          ["P50", p50],
        ] as const
      ).map(([label, column]) => {
        const value = valueAt(column, time, true);
        return { label, at: value, value: show(value), color: bound !== null && value > bound ? "vermillion-text" : "blue-text" };
      }),
    columns: (
      [
        ["P50", p50],
        ["P90", p90],
        ["P99", p99],
      ] as const
    ).map(([name, column]) => csv(`${spec.title} ${name}`, "s", column, 4)),
  };
}

export function ttft(picture: RunPicture, ghost: RunPicture | null, strict: Limit | null): TrackModel {
  const bound = strict?.value ?? null;
  const s = picture.series;
  const bands: Bands = [bucketed(picture, s.ttftP50), bucketed(picture, s.ttftP90), bucketed(picture, s.ttftP99)];
  const other = ghost ? bucketed(ghost, ghost.series.ttftP90) : null;
  let low = bound ?? Infinity;
  for (let i = 0; i < bands[0].length; i++) {
    const value = bands[0].values[i] as number;
    if (value > 0 && value < low) low = value;
  }
  const high = Math.max(highest(bands[2]), Math.min(highest(other), highest(bands[2]) * 8), (bound ?? 0) * 1.6, 0.01) * 1.15;
  const decade = Math.pow(10, Math.floor(Math.log10(Math.min(Number.isFinite(low) ? low : high / 10, high / 3))));
  const bottom = (Number.isFinite(low) && low > decade * 3.2 ? decade * 3 : decade) * 0.8;
  return bandTrack(
    {
      id: "ttft",
      title: "TTFT",
      unit: ["time to first token", "P50, P90, P99, log"],
      height: 80,
      log: true,
      domain: [bottom, high],
      ticks: numberTicks(logTicks(bottom, high), limit),
    },
    bands,
    other,
    strict,
    seconds,
  );
}

export function tpot(picture: RunPicture, ghost: RunPicture | null, strict: Limit | null): TrackModel {
  const bound = strict?.value ?? null;
  const s = picture.series;
  const bands: Bands = [bucketed(picture, s.tpotP50), bucketed(picture, s.tpotP90), bucketed(picture, s.tpotP99)];
  const other = ghost ? bucketed(ghost, ghost.series.tpotP90) : null;
  const top = Math.max(highest(bands[2]), Math.min(highest(other), highest(bands[2]) * 1.5), (bound ?? 0) * 1.5, 0.005) * 1.04;
  return bandTrack(
    {
      id: "tpot",
      title: "TPOT",
      unit: ["time per output", "token, ms"],
      height: 56,
      domain: [0, top],
      ticks: numberTicks(ticksFromZero(top, 56), (v) => significant(v * 1000).replace(/\.0+$/, "")),
    },
    bands,
    other,
    strict,
    (value) => withUnit(value < 0.01 ? fixed(value * 1000, 1) : fixed(value * 1000, 0), "ms"),
  );
}
