// A profile as bytes: one writing per content, so that its SHA-256 names it whatever files it was read from.
// Layout: a line "goodput-profile 1", a line of JSON that lists tables with their keys and columns, then all columns as little-endian doubles.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { modelText, withoutDraws } from "../fit/model-file.ts";
import type { FittedModel } from "../fit/model-file.ts";
import { TABLE_KINDS } from "./types.ts";
import type { OperatorProfile, Profile, ProfileTable, TableKeys, TableKind } from "./types.ts";

const MAGIC = "goodput-profile ";
const VERSION = 1;
/** Longest head line, characters: a profile has tens of tables. */
const LONGEST_HEAD = 1_000_000;

interface TableHead {
  readonly kind: TableKind;
  readonly keys: TableKeys;
  readonly columns: readonly (readonly [name: string, length: number])[];
}

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Tables by kind and keys; keys and columns by name. */
export function canonical(tables: readonly ProfileTable[]): OperatorProfile {
  const written = tables.map(({ kind, keys, columns }) => ({
    kind,
    keys: Object.fromEntries(sorted(keys as Readonly<Record<string, number>>)) as TableKeys,
    columns: Object.fromEntries(sorted(columns)),
  }));
  const place = ({ kind, keys }: ProfileTable): string => `${TABLE_KINDS.indexOf(kind)} ${JSON.stringify(keys)}`;
  return { version: VERSION, tables: written.sort((a, b) => (place(a) < place(b) ? -1 : 1)) };
}

export function encodeProfile(profile: Profile): Uint8Array<ArrayBuffer> {
  if ("fitted" in profile) return new TextEncoder().encode(modelText(profile.fitted));
  const { tables } = profile;
  const head: TableHead[] = tables.map(({ kind, keys, columns }) => ({
    kind,
    keys,
    columns: Object.entries(columns).map(([name, column]) => [name, column.length] as const),
  }));
  const text = new TextEncoder().encode(`${MAGIC}${VERSION}\n${JSON.stringify(head)}\n`);
  const count = head.reduce((sum, table) => sum + table.columns.reduce((part, [, length]) => part + length, 0), 0);
  const bytes = new Uint8Array(text.length + 8 * count);
  bytes.set(text);
  const view = new DataView(bytes.buffer);
  let at = text.length;
  for (const { columns } of tables)
    for (const column of Object.values(columns)) for (let i = 0; i < column.length; i++, at += 8) view.setFloat64(at, column[i]!, true);
  return bytes;
}

export const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** The hash that scenarios name a fitted model by: draws may travel apart. */
export const modelHash = (model: FittedModel): string => hashOf(new TextEncoder().encode(modelText(withoutDraws(model))));

/** The hash that scenarios name a profile by. */
export const profileHash = (profile: Profile): string => ("fitted" in profile ? modelHash(profile.fitted) : hashOf(encodeProfile(profile)));

/** Whether the bytes begin as a profile that was saved. */
export const isEncoded = (bytes: Uint8Array): boolean => {
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
};

const isHead = (value: unknown): value is TableHead[] =>
  Array.isArray(value) &&
  value.every(
    (table: Partial<TableHead> | null) =>
      TABLE_KINDS.includes(table?.kind as TableKind) &&
      typeof table?.keys === "object" &&
      table.keys !== null &&
      Object.values(table.keys).every((key) => typeof key === "number") &&
      Array.isArray(table.columns) &&
      table.columns.every(
        (column: unknown) =>
          Array.isArray(column) && typeof column[0] === "string" && Number.isSafeInteger(column[1]) && (column[1] as number) >= 0,
      ),
  );

/** The profile, or one sentence why the bytes are none. */
export function decodeProfile(bytes: Uint8Array): OperatorProfile | string {
  const damaged = "The profile is damaged or cut short: save it again from its files.";
  const newline = 10;
  const first = bytes.indexOf(newline);
  const second = bytes.indexOf(newline, first + 1);
  if (first < 0 || second < 0 || second > LONGEST_HEAD) return damaged;
  const decoder = new TextDecoder();
  const version = Number(decoder.decode(bytes.subarray(MAGIC.length, first)));
  if (version > VERSION)
    return `The profile was saved by a newer Goodput (version ${version}; this one reads ${VERSION}): use a newer Goodput.`;
  let head: unknown;
  try {
    head = JSON.parse(decoder.decode(bytes.subarray(first + 1, second)));
  } catch {
    return damaged;
  }
  if (version !== VERSION || !isHead(head)) return damaged;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = second + 1;
  const tables: ProfileTable[] = [];
  for (const { kind, keys, columns } of head) {
    const read: Record<string, Float64Array> = {};
    for (const [name, length] of columns) {
      if (at + 8 * length > bytes.length) return damaged;
      const column = new Float64Array(length);
      for (let i = 0; i < length; i++, at += 8) column[i] = view.getFloat64(at, true);
      read[name] = column;
    }
    tables.push({ kind, keys, columns: read });
  }
  const problem = at === bytes.length ? tables.map(tableProblem).find((text) => text !== "") : "";
  return problem === "" || problem === undefined ? (at === bytes.length ? canonical(tables) : damaged) : problem;
}

const ascending = (column: Float64Array | undefined): boolean =>
  column !== undefined &&
  column.length > 0 &&
  column.every((value, i) => value >= 0 && (i === 0 || value > column[i - 1]!) && value < 1e15);

/** What the rest relies on: axes that ascend, columns that fit them, times that are times. */
function tableProblem({ kind, columns }: ProfileTable): string {
  const { tokens, rows, kv, bytes, ...rest } = columns;
  const grid = kind === "decode" || kind === "prefill";
  const length = grid ? (rows?.length ?? 0) * (kv?.length ?? 0) : (kind === "ops" ? tokens : bytes)?.length;
  const axes = grid ? ascending(rows) && ascending(kv) : ascending(kind === "ops" ? tokens : bytes);
  const times = Object.values(rest);
  const sound =
    axes &&
    times.length > 0 &&
    times.every((column) => column.length === length && column.every((ms) => ms === -1 || (ms >= 0 && ms < 1e9)));
  return sound && (kind === "ops" || rest["ms"] !== undefined)
    ? ""
    : `The profile's table of ${kind} is damaged: save it again from its files.`;
}
