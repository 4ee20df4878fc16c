// Rows of any format -> typed columns and a list of what was wrong.
import type { Trace, TraceProblem } from "../types.ts";
import { Column, hash53, KeyNumbers } from "./columns.ts";
import { PROBLEMS } from "./problems.ts";
import type { ProblemCode } from "./problems.ts";
import { NEGATIVE, NOT_A_NUMBER, OUT_OF_RANGE } from "./values.ts";
import type { Moment } from "./values.ts";

const LINES_KEPT = 20;
/** Sizes of prefix blocks that are tried, tokens; the format's own size comes first among equals. */
const BLOCK_SIZES = [512, 16, 64, 128, 256, 32, 1024];
const MOST_TENANTS = 65535;

interface Found {
  count: number;
  readonly lines: number[];
}

export class TraceBuilder {
  /** Time of the current row, written by the readers of values.ts. */
  readonly moment: Moment = { whole: 0, fraction: 0, offset: NaN };
  rowsRead = 0;
  refused = 0;
  failed = 0;

  /** Seconds since `base`, the whole seconds of the first row: differences keep nanoseconds although seconds since 1970 do not. */
  private readonly times = new Column((n) => new Float64Array(n));
  private base = 0;
  private readonly prompt = new Column((n) => new Int32Array(n));
  private readonly output = new Column((n) => new Int32Array(n));
  private tenants: Column<Uint16Array> | null = null;
  private readonly tenantIndex = new Map<string, number>();
  private sessions: Column<Int32Array> | null = null;
  private readonly sessionNumbers = new KeyNumbers();
  private prefixStart: Column<Uint32Array> | null = null;
  private prefixIds: Column<Int32Array> | null = null;
  private readonly blockMismatch = BLOCK_SIZES.map((): Found => ({ count: 0, lines: [] }));
  private prefixRows = 0;
  private blockTokens = 512;
  private readonly found = new Map<ProblemCode, Found>();
  private firstOffset: number | null = null;
  private withoutTime = false;

  /** A row that cannot be used. */
  refuse(code: ProblemCode, line: number): void {
    this.rowsRead++;
    this.refused++;
    this.note(code, line);
  }

  /** Something worth saying about a row that is kept. */
  note(code: ProblemCode, line: number): void {
    let found = this.found.get(code);
    if (found === undefined) this.found.set(code, (found = { count: 0, lines: [] }));
    found.count++;
    if (found.lines.length < LINES_KEPT) found.lines.push(line);
  }

  /** Something worth saying about the whole file, with the number of rows concerned. */
  noteFile(code: ProblemCode, count: number): void {
    this.found.set(code, { count, lines: [] });
  }

  /** The file has no times: request i arrives at i seconds. */
  timeless(): void {
    this.withoutTime = true;
  }

  get accepted(): number {
    return this.times.length;
  }

  /**
   * One row: `time` is the answer of the time's reader (0 = read into `moment`), prompt and output are counts or answers of the token readers.
   * True when the row is kept; tenant, session and prefix of the row follow then.
   */
  add(time: number, prompt: number, output: number, line: number): boolean {
    if (time !== 0 || prompt <= 0 || output < 0) {
      this.refuse(reasonOf(time, prompt, output), line);
      return false;
    }
    this.rowsRead++;
    const { moment } = this;
    if (this.withoutTime) {
      moment.whole = this.times.length;
      moment.fraction = 0;
      moment.offset = NaN;
    }
    if (this.firstOffset === null) this.firstOffset = moment.offset;
    else if (!Object.is(moment.offset, this.firstOffset) && moment.offset !== this.firstOffset) this.note("mixed-time-zones", line);
    const rows = this.times.length;
    if (rows === 0) this.base = moment.whole;
    const seconds = moment.whole - this.base + moment.fraction;
    if (rows > 0 && seconds < this.times.data[rows - 1]!) this.note("timestamps-out-of-order", line);
    if (output === 0) {
      this.failed++;
      this.note("zero-output", line);
    }
    this.times.push(seconds);
    this.prompt.push(prompt);
    this.output.push(output);
    return true;
  }

  /** Tenant of the row just added, by name. */
  tenant(name: string): void {
    this.tenants ??= new Column((n) => new Uint16Array(n));
    while (this.tenants.length < this.times.length - 1) this.tenants.push(0);
    let index = this.tenantIndex.get(name);
    if (index === undefined) {
      if (this.tenantIndex.size >= MOST_TENANTS) index = MOST_TENANTS - 1;
      // The name is copied: a part of a line would keep the whole chunk of the file in memory.
      else this.tenantIndex.set(structuredClone(name), (index = this.tenantIndex.size));
    }
    this.tenants.push(index);
  }

  /** Conversation of the row just added, by key; an empty key is none. */
  session(key: string): void {
    this.sessionNumber(key === "" ? -1 : this.sessionNumbers.of(key));
  }

  /** Conversation of a chat that continues another one (or starts one, when the parent is not known). */
  chat(key: string, parent: string): void {
    const known = this.sessionNumbers.known(parent);
    this.sessionNumber(known >= 0 ? this.sessionNumbers.set(key, known) : this.sessionNumbers.of(key));
  }

  private sessionNumber(number: number): void {
    this.sessions ??= new Column((n) => new Int32Array(n));
    while (this.sessions.length < this.times.length - 1) this.sessions.push(-1);
    this.sessions.push(number);
  }

  /** Hashes of the prompt blocks of the row just added; `blockTokens` is the size that the format states. */
  prefix(ids: unknown, blockTokens: number, line: number): void {
    const row = this.times.length - 1;
    if (!Array.isArray(ids) || ids.length === 0) {
      if (this.prefixStart !== null || ids !== undefined) this.note("no-hash-ids", line);
      return;
    }
    if (this.prefixStart === null || this.prefixIds === null) {
      this.prefixStart = new Column((n) => new Uint32Array(n));
      this.prefixIds = new Column((n) => new Int32Array(n));
      this.blockTokens = blockTokens;
    }
    while (this.prefixStart.length <= row) this.prefixStart.push(this.prefixIds.length);
    this.prefixRows++;
    const prompt = this.prompt.data[row]!;
    for (let size = 0; size < BLOCK_SIZES.length; size++) {
      if (Math.ceil(prompt / BLOCK_SIZES[size]!) === ids.length) continue;
      const found = this.blockMismatch[size]!;
      found.count++;
      if (found.lines.length < LINES_KEPT) found.lines.push(line);
    }
    for (const id of ids as unknown[]) {
      const small = typeof id === "number" && Number.isInteger(id) && Math.abs(id) <= 0x7fffffff;
      this.prefixIds.push(small ? (id as number) : hash53(String(id)) | 0);
    }
  }

  /** The trace, sorted by time. Call once. */
  finish(): Trace {
    const length = this.times.length;
    const tenants = this.tenants;
    while (tenants !== null && tenants.length < length) tenants.push(0);
    while (this.sessions !== null && this.sessions.length < length) this.sessions.push(-1);
    const inOrder = !this.found.has("timestamps-out-of-order");
    const times = this.times.finish();
    const order = inOrder ? null : Uint32Array.from({ length }, (_, i) => i);
    // Ties go by the order in the file.
    order?.sort((a, b) => times[a]! - times[b]! || a - b);
    const start = times[order?.[0] ?? 0] ?? 0;
    // A difference of decimal fractions has noise in its last bits; times that are not moved stay as they stand in the file.
    const moved = this.base !== 0 || start !== 0;
    const arrivedAt = order === null ? times : new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const at = times[order === null ? i : order[i]!]! - start;
      arrivedAt[i] = moved && at < 4e6 ? Math.round(at * 1e9) / 1e9 : at;
    }
    const sorted = <A extends Int32Array | Uint16Array>(values: A): A =>
      order === null ? values : (values.map((_, i) => values[order[i]!]!) as A);
    const prompts = this.prompt.finish();
    return {
      length,
      arrivedAt,
      promptTokens: sorted(prompts),
      outputTokens: sorted(this.output.finish()),
      tenant: tenants === null ? null : sorted(tenants.finish()),
      tenantNames: [...this.tenantIndex.keys()],
      session: this.sessions === null ? null : sorted(this.sessions.finish()),
      prefix: this.finishPrefix(order, prompts),
    };
  }

  /** Chooses the block size that fits the most rows, and cuts ids beyond the prompt. */
  private finishPrefix(order: Uint32Array | null, prompts: Int32Array): Trace["prefix"] {
    const { length } = prompts;
    if (this.prefixStart === null || this.prefixIds === null) return null;
    const starts = this.prefixStart;
    while (starts.length <= length) starts.push(this.prefixIds.length);
    let best = Math.max(0, BLOCK_SIZES.indexOf(this.blockTokens));
    this.blockMismatch.forEach((found, i) => {
      if (found.count < this.blockMismatch[best]!.count && found.count < this.prefixRows / 2) best = i;
    });
    const blockTokens = BLOCK_SIZES[best]!;
    const mismatch = this.blockMismatch[best]!;
    if (mismatch.count > 0) this.found.set("hash-ids-length-mismatch", mismatch);
    const from = starts.finish();
    const all = this.prefixIds.finish();
    const start = new Uint32Array(length + 1);
    const ids = new Int32Array(all.length);
    let written = 0;
    for (let i = 0; i < length; i++) {
      const row = order === null ? i : order[i]!;
      const count = Math.min(from[row + 1]! - from[row]!, Math.ceil(prompts[row]! / blockTokens));
      start[i] = written;
      ids.set(all.subarray(from[row]!, from[row]! + count), written);
      written += count;
    }
    start[length] = written;
    return { blockTokens, start, ids: written === ids.length ? ids : ids.slice(0, written) };
  }

  problems(): TraceProblem[] {
    return [...this.found].map(([code, { count, lines }]) => {
      const { effect, text } = PROBLEMS[code];
      return { code, effect, count, lines, text: text(count, placeOf(count, lines)) };
    });
  }
}

/** " (line 7)", " (lines 5, 11)" or " (lines 1, 2, ... and 40 more)". */
function placeOf(count: number, lines: readonly number[]): string {
  if (lines.length === 0) return "";
  const shown = lines.slice(0, 5).join(", ");
  const more = count - Math.min(5, lines.length);
  return ` (line${count === 1 ? "" : "s"} ${shown}${more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""})`;
}

/** The one reason given for a row that cannot be used: what is no number at all first, then the sign, then the size. */
function reasonOf(time: number, prompt: number, output: number): ProblemCode {
  if (time === NOT_A_NUMBER) return "bad-time";
  if (prompt === NOT_A_NUMBER || output === NOT_A_NUMBER) return "not-a-number";
  if (prompt === NEGATIVE || output === NEGATIVE) return "negative-tokens";
  if (time < 0 || prompt === OUT_OF_RANGE || output === OUT_OF_RANGE) return "out-of-range";
  return "zero-tokens";
}
