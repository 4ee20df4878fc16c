// The identity of a scenario: SHA-256 of its canonical JSON (RFC 8785: sorted keys, no spaces). Synchronous, because a worker writes it into results.
import { sha256 } from "@noble/hashes/sha2.js";
import { basePool } from "./base.ts";
import type { Pool, Scenario } from "./types.ts";

/** Fields that version 1 got later. With their base value they are left out of the hash, so that older scenarios keep theirs. */
const ADDED = ["gpusPerNode", "paidFrom", "loadGbytesPerS", "scaleDownSeconds", "minReplicas", "maxReplicas"] as const;

/** JSON with sorted keys and no spaces: one text for one value. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
}

/** UTF-8, without TextEncoder: JavaScript engines outside browsers and Node have none. A lone surrogate becomes U+FFFD, as there. */
function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] !== "%") bytes.push(escaped.charCodeAt(i));
    else {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    }
  }
  return Uint8Array.from(bytes);
}

/** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
export const textHash = (text: string): string => Array.from(sha256(utf8(text)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The same scenario gives the same hash everywhere; normalise() first where it may be written in more than one way. */
export const hashScenario = (scenario: Scenario): string =>
  textHash(canonicalJson({ ...scenario, pools: scenario.pools.map(withoutAdded) }));

function withoutAdded(pool: Pool): Partial<Pool> {
  const kept: Record<string, unknown> = { ...pool };
  for (const key of ADDED) if (pool[key] === basePool[key]) delete kept[key];
  return kept;
}
