// The WGSL of the bootstrap's sums. Everything is integers modulo 2^32, so that every device gives the same bits.
import { POISSON_THRESHOLDS } from "../pcg.ts";

/** Rows whose sums of products, in halves of 16 bits, fit into 32 bits whatever the weights: 12 x 65535 x 4096 < 2^32. */
export const SLAB_ROWS = 4096;

/** Rows that a workgroup has in its memory at a time, and the most bytes that it may have there. */
const TILES = [32, 16, 8] as const;
const WORKGROUP_BYTES = 16_384;

/** How a workgroup divides the work: `quads` quadruples of replicates times `groups` groups of pairs. */
export interface Shape {
  readonly quads: number;
  readonly groups: number;
}

/** A GPU hides its memory behind many threads; a software adapter runs them one after another and wants each to do more. */
export const HARDWARE_SHAPE: Shape = { quads: 16, groups: 16 };
export const SOFTWARE_SHAPE: Shape = { quads: 32, groups: 4 };

/** Random words by position (pcg.ts) and Poisson weights. */
export const RANDOM = /* wgsl */ `
fn pcg4d(seed: vec4<u32>) -> vec4<u32> {
  var v = seed * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v = v ^ (v >> vec4<u32>(16u));
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

fn poisson(words: vec4<u32>) -> vec4<u32> {
  return ${POISSON_THRESHOLDS.map((threshold) => `vec4<u32>(words >= vec4<u32>(${threshold}u))`).join("\n    + ")};
}
`;

/** Bytes of a workgroup's memory, at so many rows a tile. */
const bytesAt = (tile: number, perThread: number, { quads, groups }: Shape): number => 4 * tile * (perThread * groups + quads);

/**
 * The sums of a slab of rows: for every pair of columns (j, k), k <= j, and every replicate, the low and the high halves of the products, each times
 * the replicate's weight. Null: the columns are too many for a workgroup's memory.
 */
export function gramKernel(width: number, shape: Shape): string | null {
  const pairs = (width * (width + 1)) / 2;
  const perThread = Math.ceil(pairs / shape.groups);
  const tile = TILES.find((rows) => bytesAt(rows, perThread, shape) <= WORKGROUP_BYTES);
  if (tile === undefined) return null;
  const each = (line: (k: number) => string): string => Array.from({ length: perThread }, (_, k) => line(k)).join("\n");
  return /* wgsl */ `
struct Place { rows: u32, firstQuad: u32, quads: u32, seedLow: u32, seedHigh: u32, firstSlab: u32, spare0: u32, spare1: u32 }
@group(0) @binding(0) var<uniform> place: Place;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read> units: array<u32>;
@group(0) @binding(3) var<storage, read> pairs: array<u32>;
@group(0) @binding(4) var<storage, read_write> sums: array<vec2<u32>>;

const WIDTH = ${width}u;
const PAIRS = ${pairs}u;
const PADDED = ${perThread * shape.groups}u;
const TILE = ${tile}u;
const QUADS = ${shape.quads}u;
const GROUPS = ${shape.groups}u;
const THREADS = ${shape.quads * shape.groups}u;

var<workgroup> products: array<u32, ${tile * perThread * shape.groups}>;
var<workgroup> weights: array<u32, ${tile * shape.quads}>;
${RANDOM}
@compute @workgroup_size(${shape.quads * shape.groups})
fn gram(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) workgroup: vec3<u32>) {
  let quad = thread % QUADS;
  let part = thread / QUADS;
  let firstQuad = workgroup.x * QUADS;
  let start = (place.firstSlab + workgroup.y) * ${SLAB_ROWS}u;
  let end = min(start + ${SLAB_ROWS}u, place.rows);
${each((k) => `  var low${k} = vec4<u32>(0u);\n  var high${k} = vec4<u32>(0u);`)}
  for (var base = start; base < end; base += TILE) {
    for (var i = thread; i < TILE * PADDED; i += THREADS) {
      let row = base + i / PADDED;
      let pair = i % PADDED;
      var product = 0u;
      if (row < end && pair < PAIRS) {
        let columns = pairs[pair];
        product = values[row * WIDTH + (columns & 0xffffu)] * values[row * WIDTH + (columns >> 16u)];
      }
      products[i] = product;
    }
    for (var i = thread; i < TILE * QUADS; i += THREADS) {
      let row = base + i / QUADS;
      var bytes = 0u;
      if (row < end) {
        let w = poisson(pcg4d(vec4<u32>(units[row], place.firstQuad + firstQuad + i % QUADS, place.seedLow, place.seedHigh)));
        bytes = w.x | (w.y << 8u) | (w.z << 16u) | (w.w << 24u);
      }
      weights[i] = bytes;
    }
    workgroupBarrier();
    for (var row = 0u; row < TILE; row++) {
      let bytes = weights[row * QUADS + quad];
      let w = vec4<u32>(bytes & 0xffu, (bytes >> 8u) & 0xffu, (bytes >> 16u) & 0xffu, bytes >> 24u);
      let at = row * PADDED + part * ${perThread}u;
${each((k) => `      let z${k} = products[at + ${k}u];\n      low${k} += w * (z${k} & 0xffffu);\n      high${k} += w * (z${k} >> 16u);`)}
    }
    workgroupBarrier();
  }
  if (firstQuad + quad < place.quads) {
    let stride = place.quads * 4u;
    let slab = workgroup.y * PAIRS;
    var at = 0u;
${each(
  (k) => `    if (part * ${perThread}u + ${k}u < PAIRS) {
      at = (slab + part * ${perThread}u + ${k}u) * stride + (firstQuad + quad) * 4u;
      sums[at] = vec2<u32>(low${k}.x, high${k}.x);
      sums[at + 1u] = vec2<u32>(low${k}.y, high${k}.y);
      sums[at + 2u] = vec2<u32>(low${k}.z, high${k}.z);
      sums[at + 3u] = vec2<u32>(low${k}.w, high${k}.w);
    }`,
)}
  }
}
`;
}

export const FOLD_THREADS = 64;

/** Adds the sums of slabs to the totals, which have 64 bits: low word, high word. */
export const FOLD_KERNEL = /* wgsl */ `
struct Size { cells: u32, slabs: u32 }
@group(0) @binding(0) var<uniform> size: Size;
@group(0) @binding(1) var<storage, read> sums: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> totals: array<vec2<u32>>;

@compute @workgroup_size(${FOLD_THREADS})
fn fold(@builtin(global_invocation_id) id: vec3<u32>) {
  let cell = id.x;
  if (cell >= size.cells) {
    return;
  }
  var total = totals[cell];
  for (var slab = 0u; slab < size.slabs; slab++) {
    let part = sums[slab * size.cells + cell];
    let low = total.x + part.x;
    total.y += select(0u, 1u, low < part.x) + (part.y >> 16u);
    let shifted = part.y << 16u;
    total.x = low + shifted;
    total.y += select(0u, 1u, total.x < shifted);
  }
  totals[cell] = total;
}
`;
