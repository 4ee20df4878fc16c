// Random words by position, not by sequence, so that any machine can draw any of them: pcg4d of Jarzynski and Olano, "Hash Functions for GPU
// Rendering" (JCGT 9(3), 2020). From them the folds of cross validation and the Poisson weights of the bootstrap.

const word = new Uint32Array(4);

/** Four words from four, all modulo 2^32. The answer is overwritten by the next call. */
export function pcg4d(a: number, b: number, c: number, d: number): Uint32Array {
  let x = (Math.imul(a, 1664525) + 1013904223) | 0;
  let y = (Math.imul(b, 1664525) + 1013904223) | 0;
  let z = (Math.imul(c, 1664525) + 1013904223) | 0;
  let w = (Math.imul(d, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  w = (w + Math.imul(y, z)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  w ^= w >>> 16;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  w = (w + Math.imul(y, z)) | 0;
  word[0] = x;
  word[1] = y;
  word[2] = z;
  word[3] = w;
  return word;
}

/** 2^32 times the distribution function of Poisson(1) at 0, 1, .. 11, rounded. */
export const POISSON_THRESHOLDS: readonly number[] = [
  1580030169, 3160060337, 3950075422, 4213413783, 4279248374, 4292415292, 4294609778, 4294923276, 4294962463, 4294966817, 4294967253,
  4294967292,
];

const poisson = (bits: number): number => {
  let weight = 0;
  while (weight < 12 && POISSON_THRESHOLDS[weight]! <= bits) weight++;
  return weight;
};

const low = (seed: number): number => seed % 4294967296;
const high = (seed: number): number => Math.floor(seed / 4294967296);

/** A seed up to 2^53 as two words. */
export const seedWords = (seed: number): readonly [number, number] => [low(seed), high(seed)];

/** Weights of a unit in the replicates 4 x quad to 4 x quad + 3, at `into[at]` and every `stride` on. */
export function weightsOf(unit: number, quad: number, seed: number, into: Float64Array, at: number, stride: number): void {
  const words = pcg4d(unit, quad, low(seed), high(seed));
  for (let i = 0; i < 4; i++) into[at + i * stride] = poisson(words[i]!);
}

/** Fold of each composition: ranked by a random word, then dealt out. */
export function foldsOf(compositions: number, folds: number, seed: number, repeat: number): Int32Array {
  const words = Float64Array.from({ length: compositions }, (_, c) => pcg4d(c, repeat, low(seed), 0xf01d)[0]!);
  const order = Array.from(words.keys()).sort((a, b) => words[a]! - words[b]! || a - b);
  const fold = new Int32Array(compositions);
  order.forEach((composition, rank) => {
    fold[composition] = rank % folds;
  });
  return fold;
}
