// The coefficients of the replicates of a bootstrap as a part of a model file: 16 bits each, between the least and the most of its term.
// Whoever runs a scenario with one of them asks how much the measurements leave open.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Bootstrap } from "./types.ts";

/** `codes`: four hexadecimal digits each, draw by draw, term by term; 0000 is `low`, ffff is `high`. Seconds per unit of the term. */
export interface ModelDraws {
  readonly count: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly codes: string;
}

/** A file holds at most so many: more say nothing that these do not. */
const MOST_DRAWS = 400;
const LEVELS = 65535;
const DIGITS = 4;

/** Draws of a bootstrap; null: none is usable. `usable` says whether a model of such coefficients can time a batch. */
export function drawsOf({ replicates, coefficients }: Bootstrap, usable: (coefficients: Float64Array) => boolean): ModelDraws | null {
  const terms = coefficients.length / replicates;
  const rows = Array.from({ length: replicates }, (_, b) => coefficients.subarray(b * terms, (b + 1) * terms))
    .filter(usable)
    .slice(0, MOST_DRAWS);
  if (rows.length === 0) return null;
  const low = Array.from({ length: terms }, (_, j) => rows.reduce((least, row) => Math.min(least, row[j]!), Infinity));
  const high = Array.from({ length: terms }, (_, j) => rows.reduce((most, row) => Math.max(most, row[j]!), 0));
  const codes = rows.flatMap((row) =>
    Array.from(row, (value, j) => {
      const width = high[j]! - low[j]!;
      const code = width === 0 ? 0 : Math.floor(((value - low[j]!) / width) * LEVELS + 0.5);
      return code.toString(16).padStart(DIGITS, "0");
    }),
  );
  return { count: rows.length, low, high, codes: codes.join("") };
}

/** Coefficients of one draw, numbered from 1. */
export function drawCoefficients({ low, high, codes }: ModelDraws, draw: number): number[] {
  const terms = low.length;
  return low.map((least, j) => {
    const at = DIGITS * ((draw - 1) * terms + j);
    const code = Number.parseInt(codes.slice(at, at + DIGITS), 16);
    return least + (high[j]! - least) * (code / LEVELS);
  });
}

/** SHA-256 by which a model names its draws, hex: they may travel apart from it. */
export function drawsHash({ count, low, high, codes }: ModelDraws): string {
  const text = JSON.stringify([count, low, high, codes]);
  return bytesToHex(sha256(Uint8Array.from(text, (character) => character.charCodeAt(0))));
}

const isColumn = (value: unknown, length: number): value is readonly number[] =>
  Array.isArray(value) && value.length === length && value.every((x) => typeof x === "number" && x >= 0 && x < 1e6);

/** Whether a part of a file is what drawsOf() gives, for so many terms and under that name. */
export function areDraws(value: unknown, terms: number, hash: string | undefined): value is ModelDraws {
  const { count, low, high, codes } = (value ?? {}) as Partial<ModelDraws>;
  if (!Number.isSafeInteger(count) || count! < 1 || count! > MOST_DRAWS || !isColumn(low, terms) || !isColumn(high, terms)) return false;
  if (typeof codes !== "string" || codes.length !== DIGITS * terms * count! || !/^[0-9a-f]*$/.test(codes)) return false;
  return drawsHash(value as ModelDraws) === hash;
}
