// A picture of a run in few bytes, for the first paint: JSON with rounded columns, deflated. Written at build time by scripts/record-run.ts.
import type { Cdf } from "../../engine/metrics/results.ts";
import type { RunPicture } from "./protocol.ts";

/** Version of the bytes; a file of another version is not drawn. */
const FORMAT = 1;
/** Significant digits: more than a pixel shows. Per-replica columns are most of the bytes, and drawn as bars of some 40 pixels. */
const DIGITS = 3;
const DIGITS_OF: Readonly<Record<string, number>> = { kvUsedBlocks: 2, busy: 1 };

const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint16Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type Column = InstanceType<(typeof ARRAYS)[ArrayName]>;

interface Packed {
  readonly $: ArrayName;
  /** Numbers; null stands for NaN. */
  readonly v: readonly (number | null)[];
}

function round(value: number, key: string): number | null {
  if (Number.isNaN(value)) return null;
  const digits = DIGITS_OF[key];
  return digits === undefined && Number.isInteger(value) ? value : Number(value.toPrecision(digits ?? DIGITS));
}

const isColumn = (value: unknown): value is Column => ArrayBuffer.isView(value) && value.constructor.name in ARRAYS;
const isPacked = (value: unknown): value is Packed => typeof value === "object" && value !== null && "$" in value && "v" in value;

/** Curves have a point per bin of 0.5 %; a plot of 280 pixels shows a quarter of them. */
function thinned(curve: Cdf): Cdf {
  const keep = (column: Float64Array): Float64Array => column.filter((_value, i) => i % 4 === 0 || i === column.length - 1);
  return { seconds: keep(curve.seconds), share: keep(curve.share) };
}

export function packPicture(whole: RunPicture): string {
  const { ttft, tpot, e2e } = whole.cdfs;
  const picture: RunPicture = { ...whole, cdfs: { ttft: thinned(ttft), tpot: thinned(tpot), e2e: thinned(e2e) } };
  return JSON.stringify({ format: FORMAT, picture }, (key, value: unknown) => {
    if (isColumn(value)) return { $: value.constructor.name, v: Array.from(value, (item) => round(item, key)) };
    // Infinity is the end of what never ends; JSON has no word for it.
    return value === Infinity ? { $inf: 1 } : value;
  });
}

/** Null when the text is of another format. */
export function unpackPicture(text: string): RunPicture | null {
  const raw = JSON.parse(text, (_key, value: unknown) => {
    if (isPacked(value)) return ARRAYS[value.$].from(value.v.map((item) => item ?? NaN));
    if (typeof value === "object" && value !== null && "$inf" in value) return Infinity;
    return value;
  }) as { format?: number; picture?: RunPicture };
  return raw.format === FORMAT && raw.picture !== undefined ? raw.picture : null;
}

/** The picture that came with the page; null when there is none (a development server before the first build). */
export async function loadRecordedRun(address: string): Promise<RunPicture | null> {
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.body === null) return null;
    return unpackPicture(await new Response(answer.body.pipeThrough(new DecompressionStream("deflate-raw"))).text());
  } catch {
    return null;
  }
}
