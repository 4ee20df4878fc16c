// A picture of a run in few bytes, for the first paint: JSON with rounded columns, deflated. Written at build time by scripts/record-run.ts.
import type { Cdf, FleetSamples, Series } from "../../engine/metrics/results.ts";
import type { RunPicture } from "./protocol.ts";

/** Version of the bytes; a file of another version is not drawn. */
const FORMAT = 1;
/** Significant digits: more than a pixel shows. Per-replica columns are most of the bytes, and drawn as bars of some 40 pixels. */
const DIGITS = 2;
const DIGITS_OF: Readonly<Record<string, number>> = { seconds: 3, share: 3, costPerHour: 5, busy: 1 };
/** Of single figures: more than any is shown with. */
const SHOWN_DIGITS = 6;
/** Levels of a replica's KV use. */
const KV_LEVELS = 40;

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

/** Curves have a point per bin of 0.5 %; a plot of 280 pixels shows a sixth of them. */
function thinned(curve: Cdf): Cdf {
  const keep = (column: Float64Array): Float64Array => column.filter((_value, i) => i % 6 === 0 || i === column.length - 1);
  return { seconds: keep(curve.seconds), share: keep(curve.share) };
}

const pairs = (column: Float64Array, merge: (a: number, b: number) => number): Float64Array =>
  Float64Array.from({ length: Math.ceil(column.length / 2) }, (_item, i) => merge(column[2 * i]!, column[2 * i + 1] ?? NaN));
const sum = (a: number, b: number): number => a + (Number.isNaN(b) ? 0 : b);
/** The higher of two, so that no spike is lost. */
const higher = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b));

/** The series in buckets of twice the width. */
function coarser(series: Series): Series {
  const merged = Object.entries(series).map(([key, column]): [string, unknown] => {
    if (key === "bucketSeconds") return [key, series.bucketSeconds * 2];
    if (key === "length") return [key, Math.ceil(series.length / 2)];
    if (Array.isArray(column)) return [key, (column as readonly Float64Array[]).map((own) => pairs(own, sum))];
    return [key, pairs(column as Float64Array, /P\d\d$/.test(key) ? higher : sum)];
  });
  return Object.fromEntries(merged) as unknown as Series;
}

/** Every second sample of the fleet. */
function sparser(fleet: FleetSamples): FleetSamples {
  const even = <T extends object>(columns: T, from: number): T =>
    Object.fromEntries(
      Object.entries(columns).map(([key, column]) => [key, isColumn(column) ? column.filter((_value, i) => (from + i) % 2 === 0) : column]),
    ) as T;
  return {
    ...even(fleet, 0),
    sampleSeconds: fleet.sampleSeconds * 2,
    length: Math.ceil(fleet.length / 2),
    pools: fleet.pools.map((pool) => even(pool, 0)),
    replicas: fleet.replicas.map((replica) => {
      const columns = even(replica, replica.from);
      const level = Math.max(1, Math.floor(replica.kvBlocks / KV_LEVELS));
      const kvUsedBlocks = columns.kvUsedBlocks.map((blocks) => Math.round(blocks / level) * level);
      return { ...columns, kvUsedBlocks, from: Math.ceil(replica.from / 2) };
    }),
  };
}

/** Half the time resolution of the run itself, which follows within a second. */
export function packPicture(whole: RunPicture): string {
  const { ttft, tpot, e2e } = whole.cdfs;
  const cdfs = { ttft: thinned(ttft), tpot: thinned(tpot), e2e: thinned(e2e) };
  const picture: RunPicture = { ...whole, cdfs, series: coarser(whole.series), fleet: sparser(whole.fleet) };
  return JSON.stringify({ format: FORMAT, picture }, (key, value: unknown) => {
    // Nothing on the first screen shows it.
    if (key === "mfu") return undefined;
    if (isColumn(value)) return { $: value.constructor.name, v: Array.from(value, (item) => round(item, key)) };
    if (typeof value === "number" && Number.isFinite(value)) return Number(value.toPrecision(SHOWN_DIGITS));
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
