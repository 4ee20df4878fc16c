// The WGSL of out-of-bag residuals: a thread a row, which goes through the replicates that did not draw it. In 32 bits: not the processor's bits.
import { POISSON_THRESHOLDS } from "../pcg.ts";
import { RANDOM } from "./kernels.ts";

export const RESIDUAL_THREADS = 64;

/**
 * Adds, for each row from `firstRow` on, the replicates of a block: how many did not draw it, and sum and sum of squares of what they predict over the
 * measured time, less the row's centre.
 */
export const residualKernel = (terms: number): string => /* wgsl */ `
struct Place { rows: u32, firstRow: u32, firstQuad: u32, replicates: u32, seedLow: u32, seedHigh: u32, spare0: u32, spare1: u32 }
@group(0) @binding(0) var<uniform> place: Place;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> units: array<u32>;
@group(0) @binding(3) var<storage, read> coefficients: array<f32>;
@group(0) @binding(4) var<storage, read> centres: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<vec4<u32>>;

const TERMS = ${terms}u;
${RANDOM}
@compute @workgroup_size(${RESIDUAL_THREADS})
fn residuals(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = place.firstRow + id.x;
  if (row >= place.rows) {
    return;
  }
  var own: array<f32, ${terms}>;
  for (var j = 0u; j < TERMS; j++) {
    own[j] = values[row * TERMS + j];
  }
  var count = 0u;
  var sum = 0.0;
  var squares = 0.0;
  for (var start = 0u; start < place.replicates; start += 4u) {
    let words = pcg4d(vec4<u32>(units[row], place.firstQuad + start / 4u, place.seedLow, place.seedHigh));
    for (var lane = 0u; lane < min(4u, place.replicates - start); lane++) {
      if (words[lane] >= ${POISSON_THRESHOLDS[0]!}u) {
        continue;
      }
      var off = -centres[row];
      let at = (start + lane) * TERMS;
      for (var j = 0u; j < TERMS; j++) {
        off += coefficients[at + j] * own[j];
      }
      count++;
      sum += off;
      squares += off * off;
    }
  }
  sums[row] = vec4<u32>(count, bitcast<u32>(sum), bitcast<u32>(squares), 0u);
}
`;
