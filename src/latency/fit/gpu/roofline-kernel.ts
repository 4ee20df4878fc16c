// The WGSL of the search of a roofline: a workgroup a start. It does in 32 bits what roofline-search.ts does in 64.
import { RIDGE, SEARCH_ROUNDS, SEARCH_ROWS, START_WORD } from "../roofline-search.ts";
import { RANDOM } from "./kernels.ts";

/** Rows are summed in so many parts, a thread for each part and sum. */
const PARTS = 4;

/** For so many planes and terms, whose coefficients are written plane by plane behind the loss of each start. */
export function rooflineKernel(planes: number, terms: number): string {
  const sums = (terms * (terms + 1)) / 2 + terms;
  const threads = PARTS * sums;
  return /* wgsl */ `
${RANDOM}
struct Place { rows: u32, firstStart: u32, starts: u32, spare: u32 }
@group(0) @binding(0) var<uniform> place: Place;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> found: array<f32>;

const TERMS = ${terms}u;
const PLANES = ${planes}u;
const SUMS = ${sums}u;
const THREADS = ${threads}u;
const RIDGE = ${RIDGE};

// Four rows to a word, each written by one thread.
var<workgroup> planeOf: array<u32, ${SEARCH_ROWS / 4}>;
var<workgroup> parts: array<array<f32, ${planes}>, ${threads}>;
var<workgroup> sums: array<array<f32, ${sums}>, ${planes}>;
var<workgroup> now: array<f32, ${planes * terms}>;
var<workgroup> best: array<f32, ${planes * terms}>;
var<workgroup> losses: array<f32, ${threads}>;
var<workgroup> least: f32;
var<workgroup> better: u32;

fn planeAt(row: u32) -> u32 {
  return (planeOf[row / 4u] >> (8u * (row % 4u))) & 0xffu;
}

// Backward elimination: while a coefficient is negative, the most negative leaves.
fn eliminate(plane: u32) {
  var scale: array<f32, ${terms}>;
  var inside: array<bool, ${terms}>;
  var factor: array<f32, ${terms * terms}>;
  var x: array<f32, ${terms}>;
  for (var j = 0u; j < TERMS; j++) {
    let diagonal = sums[plane][j * (j + 1u) / 2u + j];
    scale[j] = sqrt(max(diagonal, 0.0));
    inside[j] = diagonal > 0.0;
  }
  for (var step = 0u; step <= TERMS; step++) {
    for (var i = 0u; i < TERMS; i++) {
      if (!inside[i]) {
        continue;
      }
      for (var j = 0u; j <= i; j++) {
        if (!inside[j]) {
          continue;
        }
        var sum = sums[plane][i * (i + 1u) / 2u + j] / (scale[i] * scale[j]);
        if (i == j) {
          sum += RIDGE;
        }
        for (var k = 0u; k < j; k++) {
          if (inside[k]) {
            sum -= factor[i * TERMS + k] * factor[j * TERMS + k];
          }
        }
        if (i == j) {
          factor[i * TERMS + i] = sqrt(max(sum, RIDGE));
        } else {
          factor[i * TERMS + j] = sum / factor[j * TERMS + j];
        }
      }
      var sum = sums[plane][SUMS - TERMS + i] / scale[i];
      for (var k = 0u; k < i; k++) {
        if (inside[k]) {
          sum -= factor[i * TERMS + k] * x[k];
        }
      }
      x[i] = sum / factor[i * TERMS + i];
    }
    var worst = TERMS;
    var lowest = 0.0;
    for (var back = 0u; back < TERMS; back++) {
      let i = TERMS - 1u - back;
      if (!inside[i]) {
        continue;
      }
      var sum = x[i];
      for (var k = i + 1u; k < TERMS; k++) {
        if (inside[k]) {
          sum -= factor[k * TERMS + i] * x[k];
        }
      }
      x[i] = sum / factor[i * TERMS + i];
      if (x[i] < lowest) {
        lowest = x[i];
        worst = i;
      }
    }
    if (worst == TERMS) {
      break;
    }
    inside[worst] = false;
  }
  for (var j = 0u; j < TERMS; j++) {
    now[plane * TERMS + j] = select(0.0, x[j] / scale[j], inside[j]);
  }
}

@compute @workgroup_size(${threads})
fn roofline(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) workgroup: vec3<u32>) {
  let start = place.firstStart + workgroup.x;
  let words = (place.rows + 3u) / 4u;
  for (var word = thread; word < words; word += THREADS) {
    var packed = 0u;
    for (var row = 4u * word; row < min(4u * word + 4u, place.rows); row++) {
      var nearest = 0u;
      var nearestFar = 3.0e38;
      for (var m = 0u; m < PLANES; m++) {
        let centre = pcg4d(vec4<u32>(start, m, PLANES, ${START_WORD}u)).x % place.rows;
        var far = 0.0;
        for (var j = 0u; j < TERMS; j++) {
          far += abs(values[row * TERMS + j] - values[centre * TERMS + j]);
        }
        if (far < nearestFar) {
          nearestFar = far;
          nearest = m;
        }
      }
      packed |= nearest << (8u * (row % 4u));
    }
    planeOf[word] = packed;
  }
  if (thread == 0u) {
    least = 3.0e38;
  }
  // Which product of two terms, or term alone, this thread sums, over which rows.
  let sum = thread % SUMS;
  let part = thread / SUMS;
  var left = 0u;
  while ((left + 1u) * (left + 2u) / 2u <= sum) {
    left++;
  }
  var right = sum - left * (left + 1u) / 2u;
  let alone = sum >= SUMS - TERMS;
  if (alone) {
    left = sum - (SUMS - TERMS);
    right = 0u;
  }
  workgroupBarrier();
  for (var round = 0u; round < ${SEARCH_ROUNDS}u; round++) {
    // Set to zero in so many words: without them a round may begin with the sums of the one before.
    var own = array<f32, ${planes}>();
    for (var row = part; row < place.rows; row += ${PARTS}u) {
      let value = values[row * TERMS + left];
      let product = value * select(values[row * TERMS + right], 1.0, alone);
      let plane = planeAt(row);
      for (var m = 0u; m < PLANES; m++) {
        own[m] += select(0.0, product, plane == m);
      }
    }
    parts[thread] = own;
    workgroupBarrier();
    if (thread < SUMS) {
      for (var m = 0u; m < PLANES; m++) {
        var total = 0.0;
        for (var p = 0u; p < ${PARTS}u; p++) {
          total += parts[p * SUMS + thread][m];
        }
        sums[m][thread] = total;
      }
    }
    workgroupBarrier();
    if (thread < PLANES) {
      eliminate(thread);
    }
    workgroupBarrier();
    var loss = 0.0;
    for (var word = thread; word < words; word += THREADS) {
      var packed = 0u;
      for (var row = 4u * word; row < min(4u * word + 4u, place.rows); row++) {
        var largest = 0u;
        var most = -1.0;
        for (var m = 0u; m < PLANES; m++) {
          var predicted = 0.0;
          for (var j = 0u; j < TERMS; j++) {
            predicted += now[m * TERMS + j] * values[row * TERMS + j];
          }
          if (predicted > most) {
            most = predicted;
            largest = m;
          }
        }
        packed |= largest << (8u * (row % 4u));
        loss += (most - 1.0) * (most - 1.0);
      }
      planeOf[word] = packed;
    }
    losses[thread] = loss;
    workgroupBarrier();
    if (thread == 0u) {
      var total = 0.0;
      for (var i = 0u; i < THREADS; i++) {
        total += losses[i];
      }
      better = select(0u, 1u, total < least);
      least = min(total, least);
    }
    workgroupBarrier();
    if (better == 1u && thread < PLANES * TERMS) {
      best[thread] = now[thread];
    }
    workgroupBarrier();
  }
  let at = workgroup.x * (1u + PLANES * TERMS);
  if (thread == 0u) {
    found[at] = least / f32(place.rows);
  }
  if (thread < PLANES * TERMS) {
    found[at + 1u + thread] = best[thread];
  }
}
`;
}
