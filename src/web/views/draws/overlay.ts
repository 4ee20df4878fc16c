// Bands of the draws of a fitted model behind the tracks that they are of. Pure; loaded with the draws, so that the tracks need not know them.
import type { bandsOf } from "../../../analysis/draw-bands.ts";
import { csv } from "../tracks/columns.ts";
import type { Column, TrackModel } from "../tracks/model.ts";

const OF = { ttft: ["s", "P90"], tpot: ["s", "P90"], waiting: ["requests", "waiting"] } as const;
const hasBand = (id: string): id is keyof typeof OF => id in OF;

export const overlayOf =
  (bands: ReturnType<typeof bandsOf>) =>
  (track: TrackModel): TrackModel => {
    if (!hasBand(track.id)) return track;
    const { t0, dt, low, high } = bands[track.id];
    const column = (values: Float64Array): Column => ({ t0, dt, values, length: values.length });
    const [unit, of] = OF[track.id];
    return {
      ...track,
      unit: [...track.unit, `grey: 95 % of ${of}`],
      marks: [...track.marks, { kind: "area", column: column(high), base: low, color: "ink", alpha: 0.22 }],
      columns: [
        ...track.columns,
        csv(`${track.title} ${of} of draws, 2.5 %`, unit, column(low), 4),
        csv(`${track.title} ${of} of draws, 97.5 %`, unit, column(high), 4),
      ],
    };
  };
