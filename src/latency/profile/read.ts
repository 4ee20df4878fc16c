// Reads the files of a profile as streams, gzip or plain. Never throws: files that cannot be used give one sentence with file, line and value.
import { openBytes } from "../../workload/formats/bytes.ts";
import type { ByteStream } from "../../workload/formats/bytes.ts";
import { LineSplitter } from "../../workload/formats/line-splitter.ts";
import { RowFields } from "../../workload/formats/table.ts";
import { Refusal } from "../../workload/formats/types.ts";
import { isModelText, parseModel } from "../fit/model-file.ts";
import type { FittedModel } from "../fit/model-file.ts";
import { TableBuilder } from "./builder.ts";
import { decodeProfile, encodeProfile, isEncoded, profileHash } from "./encode.ts";
import { formatOf } from "./formats.ts";
import type { ProfileFormat, Row } from "./formats.ts";
import { headerOf, nearestFormat } from "./sniff.ts";
import type {
  FittedProfile,
  Profile,
  ProfileFileReport,
  ProfileOutcome,
  ProfileReport,
  ProfileTable,
  ProfileTableReport,
} from "./types.ts";

/** Enough for any header. */
export const HEAD_BYTES = 64 * 1024;
/** A saved profile is read whole. */
const MOST_SAVED_BYTES = 512 * 1024 * 1024;

export interface ProfileInput {
  readonly file: string;
  readonly stream: ByteStream;
  /** Size as stored, for the progress. */
  readonly bytes: number;
}

export interface ProfileReadOptions {
  readonly signal?: AbortSignal;
  /** Bytes read as stored, of all files, and bytes in all. */
  readonly onProgress?: (done: number, total: number, file: string) => void;
}

const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);

/** The row that is being read, with its place for errors. */
class CurrentRow implements Row {
  line = 0;
  private readonly file: string;
  private readonly places: ReadonlyMap<string, number>;
  private readonly fields: RowFields;

  constructor(file: string, columns: readonly string[], fields: RowFields) {
    this.file = file;
    this.places = new Map(columns.map((name, i) => [name, i]));
    this.fields = fields;
  }

  fail(text: string): never {
    throw new Refusal("bad-row", `${this.file}, line ${this.line}: ${text}`);
  }

  text(column: string): string {
    return this.fields.text(this.places.get(column)!);
  }

  number(column: string, min = 0): number {
    const text = this.text(column);
    const value = Number(text);
    if (text === "" || !(value >= min && value < 1e15)) this.fail(`${column} is ${quoted(text)}. Give a number of at least ${min}.`);
    return value;
  }

  time(column: string): number {
    const text = this.text(column);
    if (text === "" || /^nan$/i.test(text)) return -1;
    const value = Number(text);
    if (!(value >= 0 && value < 1e9))
      this.fail(`${column} is ${quoted(text)}. Give a time in milliseconds, 0 or more, or leave the field empty.`);
    return value;
  }
}

/** Lines of one CSV file into the tables. */
class CsvReader {
  rows = 0;
  format: ProfileFormat | null = null;
  private readonly file: string;
  private readonly tables: TableBuilder;
  private columns: readonly string[] = [];
  private fields = new RowFields(",");
  private row: CurrentRow | null = null;
  private readonly splitter = new LineSplitter("\n", (text, line) => this.line(text, line));

  constructor(file: string, tables: TableBuilder) {
    this.file = file;
    this.tables = tables;
  }

  private line(text: string, line: number): void {
    if (text.trim() === "") return;
    if (this.row === null || this.format === null) {
      this.columns = headerOf(text);
      this.format = formatOf(this.columns) ?? null;
      if (this.format === null) throw new Refusal("unknown-format", `${this.file}: ${notAProfile(this.columns)}`);
      this.row = new CurrentRow(this.file, this.columns, this.fields);
      return;
    }
    const { row, fields } = this;
    row.line = line;
    if (!fields.read(text)) row.fail("A quotation mark is not closed. Close it, or save the table again.");
    if (fields.count !== this.columns.length)
      row.fail(`There are ${fields.count} fields, and the header has ${this.columns.length}. Give one field per column.`);
    this.format.row(row, this.columns, this.tables);
    this.rows++;
  }

  feed(text: string): void {
    this.splitter.feed(text);
  }

  finish(): void {
    this.splitter.finish();
    if (this.format === null) throw new Refusal("empty", `${this.file}: The file is empty. Give a profile with a header and rows.`);
    if (this.rows === 0) throw new Refusal("no-rows", `${this.file}: The file has a header but no rows. Give a profile with rows.`);
  }
}

/** What the file is nearest to, and what it lacks. */
function notAProfile(columns: readonly string[]): string {
  const { format, lacks, share } = nearestFormat(columns);
  if (share > 0.5) return `This looks like a ${format.label}, but has no column ${lacks.join(", ")}. Add it, or export the file again.`;
  return `This is no profile of operator times. Give Vidur's mlp.csv, attention.csv, all_reduce.csv, send_recv.csv, or tables exported from them.`;
}

async function readFile(
  input: ProfileInput,
  tables: TableBuilder,
  signal: AbortSignal | undefined,
  onBytes: (stored: number) => void,
): Promise<ProfileFileReport & { readonly model?: FittedModel }> {
  const { file } = input;
  const bytes = openBytes(input.stream, HEAD_BYTES, signal);
  tables.open(file);
  const decoder = new TextDecoder();
  let csv: CsvReader | null = null;
  let fitted = false;
  const saved: Uint8Array[] = [];
  for await (const chunk of bytes.chunks) {
    signal?.throwIfAborted();
    if (csv === null && saved.length === 0) fitted = isModelText(new TextDecoder().decode(chunk.subarray(0, HEAD_BYTES)));
    if (csv === null && saved.length === 0 && !fitted && !isEncoded(chunk)) {
      if (chunk.subarray(0, HEAD_BYTES).includes(0)) throw new Refusal("binary", `${file}: ${notAProfile([])}`);
      csv = new CsvReader(file, tables);
    }
    if (csv !== null) csv.feed(decoder.decode(chunk, { stream: true }));
    else saved.push(chunk);
    onBytes(bytes.stored());
    if (bytes.bytes() > MOST_SAVED_BYTES && csv === null)
      throw new Refusal("too-large", `${file}: The profile has more than 512 MB. Give a smaller one.`);
  }
  if (saved.length > 0) {
    const whole = new Uint8Array(bytes.bytes());
    let at = 0;
    for (const part of saved) {
      whole.set(part, at);
      at += part.length;
    }
    if (fitted) {
      const model = parseModel(new TextDecoder().decode(whole));
      if (typeof model === "string") throw new Refusal("bad-profile", `${file}: ${model}`);
      return { file, format: "fitted model", rows: model.terms.length, bytes: bytes.bytes(), model };
    }
    const profile = decodeProfile(whole);
    if (typeof profile === "string") throw new Refusal("bad-profile", `${file}: ${profile}`);
    for (const table of profile.tables) tables.addTable(table);
    return { file, format: "saved profile", rows: profile.tables.length, bytes: bytes.bytes() };
  }
  csv ??= new CsvReader(file, tables);
  csv.feed(decoder.decode());
  csv.finish();
  return { file, format: csv.format!.label, rows: csv.rows, bytes: bytes.bytes() };
}

const AXES = { ops: ["tokens"], decode: ["rows", "kv"], prefill: ["rows", "kv"], all_reduce: ["bytes"], send_recv: ["bytes"] } as const;
const AXIS_WORDS = { decode: { rows: "requests", kv: "context" }, prefill: { rows: "chunk", kv: "context" } } as const;

function tableReport({ kind, keys, columns }: ProfileTable): ProfileTableReport {
  const axes: readonly string[] = AXES[kind];
  const words: Readonly<Record<string, string>> = kind === "decode" || kind === "prefill" ? AXIS_WORDS[kind] : {};
  let times = 0;
  let missing = 0;
  for (const [name, column] of Object.entries(columns))
    if (!axes.includes(name))
      for (const ms of column)
        if (ms < 0) missing++;
        else times++;
  return { kind, keys, times, missing, upTo: Object.fromEntries(axes.map((axis) => [words[axis] ?? axis, columns[axis]!.at(-1)!])) };
}

/** What scenarios call it: the one file, or the folder that the files stand in, or the first of them. */
const nameOf = (files: readonly string[]): string => {
  const [first = ""] = files;
  const plain = first.replace(/\.gz$/i, "");
  return files.length === 1 ? plain : `${plain} +${files.length - 1}`;
};

const PARTS = [
  ["ops", "operators by tokens (mlp.csv, or a table of operators)"],
  ["decode", "decode attention (attention.csv, or a table of decode attention)"],
  ["prefill", "prefill attention (attention.csv, or a table of prefill attention)"],
] as const;

function contentOf(profile: Profile): Pick<ProfileReport, "tables" | "fitted"> {
  if (!("fitted" in profile)) return { tables: profile.tables.map(tableReport) };
  const { form, terms, errors } = profile.fitted;
  return { tables: [], fitted: { form, terms: terms.length, mapePct: errors.mapePct } };
}

function reportOf(profile: Profile, file: string, files: readonly ProfileFileReport[]): ProfileReport {
  const bytes = encodeProfile(profile);
  return { file, hash: profileHash(profile), bytes: bytes.length, files, ...contentOf(profile) };
}

/** A model that did not come in a file of its own, as if it had. */
export const modelReport = (model: FittedModel, file: string): ProfileReport =>
  reportOf({ version: 1, fitted: model }, file, [{ file, format: "fitted model", rows: model.terms.length, bytes: 0 }]);

/** The profile that the files make together. `name` is what scenarios call it; without one it comes from the files' names. */
export async function readProfile(
  inputs: readonly ProfileInput[],
  { signal, onProgress }: ProfileReadOptions = {},
  name = nameOf(inputs.map(({ file }) => file)),
): Promise<ProfileOutcome> {
  const total = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  const tables = new TableBuilder();
  const files: ProfileFileReport[] = [];
  let before = 0;
  try {
    let fitted: FittedModel | undefined;
    for (const input of inputs) {
      const { model, ...read } = await readFile(input, tables, signal, (stored) => onProgress?.(before + stored, total, input.file));
      if (model !== undefined && inputs.length > 1)
        throw new Refusal("bad-profile", `${input.file}: A fitted model is a profile of its own: give it alone.`);
      fitted = model;
      files.push(read);
      before += input.bytes;
    }
    signal?.throwIfAborted();
    if (fitted !== undefined) {
      const profile: FittedProfile = { version: 1, fitted };
      return { ok: true, profile, report: reportOf(profile, name, files) };
    }
    const kinds = tables.kinds();
    const missing = PARTS.filter(([kind]) => !kinds.has(kind)).map(([, words]) => words);
    if (missing.length > 0)
      return {
        ok: false,
        code: "incomplete",
        text: `${name}: The profile still lacks ${missing.join(" and ")}. Give these files together with it.`,
      };
    const profile = tables.finish();
    if (typeof profile === "string") return { ok: false, code: "refused", text: `${name}: ${profile}` };
    return { ok: true, profile, report: reportOf(profile, name, files) };
  } catch (error) {
    if (error instanceof Refusal) {
      // Sentences of the shared readers do not know the file.
      const { message } = error;
      const at = inputs[files.length]?.file ?? name;
      return { ok: false, code: "refused", text: inputs.some(({ file }) => message.startsWith(file)) ? message : `${at}: ${message}` };
    }
    if (signal?.aborted) return { ok: false, code: "cancelled", text: "Reading was cancelled: nothing was loaded." };
    const at = inputs[files.length]?.file ?? name;
    return {
      ok: false,
      code: "refused",
      text: `${at}: The file could not be read to its end: ${error instanceof Error ? error.message : String(error)}. Read it again.`,
    };
  }
}
