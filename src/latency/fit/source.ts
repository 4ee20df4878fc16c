// A file of measurements in a worker: bytes, unpacked where they are packed, read and looked through.
import { hashOf } from "../profile/encode.ts";
import { dominanceRows, warningsOf } from "./bad-data.ts";
import { fitProblem } from "./fit.ts";
import { regionOf } from "./measurements.ts";
import { REPEATED, readMeasurements } from "./read.ts";
import type { ReadOptions } from "./read.ts";
import type { FitInput, FitReadOutcome, FitSource } from "./session-types.ts";
import { REGIONS } from "./types.ts";
import type { Measurements } from "./types.ts";

/** Terms of a form that warnings count with before one is fitted. */
const USUAL_TERMS = 6;

async function bytesOf(source: FitSource): Promise<Uint8Array> {
  if ("text" in source && typeof source.text === "string") return new TextEncoder().encode(source.text);
  const bytes = new Uint8Array(await (source as File).arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

function regionsOf(data: Measurements): FitInput["regions"] {
  const rows = Array.from(data.t.keys());
  return Object.fromEntries(
    REGIONS.flatMap((region) => {
      const mine = rows.filter((i) => regionOf(data, i) === region);
      if (mine.length === 0) return [];
      return [[region, { rows: mine.length, compositions: new Set(mine.map((i) => data.composition[i]!)).size }]];
    }),
  );
}

export async function readSource(source: FitSource, options: ReadOptions): Promise<FitReadOutcome> {
  const refused = (text: string): FitReadOutcome => ({ ok: false, code: "refused", text: `${source.name}: ${text}` });
  let bytes: Uint8Array;
  try {
    bytes = await bytesOf(source);
  } catch (error) {
    return refused(
      `It cannot be read (${error instanceof Error ? error.message : String(error)}): open it again, unpacked if it was packed.`,
    );
  }
  const outcome = readMeasurements(new TextDecoder().decode(bytes), options);
  if (!outcome.ok) return refused(outcome.text);
  const { data, report } = outcome;
  const problem = fitProblem(data);
  if (problem !== null) return refused(problem);
  return {
    ok: true,
    input: {
      file: source.name,
      hash: hashOf(bytes),
      report,
      data,
      dominated: dominanceRows(data),
      duplicates: report.refused.filter(({ reason }) => reason === REPEATED).length,
      regions: regionsOf(data),
      warnings: warningsOf(data, USUAL_TERMS),
    },
  };
}
