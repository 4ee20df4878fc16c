// Rows of profile files -> tables: rows by what they were measured for, repeated measurements of one point averaged.
import { Refusal } from "../../workload/formats/types.ts";
import { canonical } from "./encode.ts";
import type { OperatorProfile, ProfileTable, TableKeys, TableKind } from "./types.ts";

/** Cells of a grid: a full table of Vidur has 266,240. */
const MOST_CELLS = 20_000_000;

/** Numbers by a first and a second coordinate; times of one point are averaged. */
class Points {
  private readonly sums = new Map<number, Map<number, { sum: number; count: number }>>();

  add(first: number, second: number, ms: number): void {
    let row = this.sums.get(first);
    if (row === undefined) this.sums.set(first, (row = new Map()));
    const point = row.get(second);
    if (ms < 0) {
      if (point === undefined) row.set(second, { sum: 0, count: 0 });
    } else if (point === undefined) row.set(second, { sum: ms, count: 1 });
    else {
      point.sum += ms;
      point.count++;
    }
  }

  firsts(): Float64Array {
    return Float64Array.from(this.sums.keys()).sort();
  }

  seconds(): Float64Array {
    const all = new Set<number>();
    for (const row of this.sums.values()) for (const second of row.keys()) all.add(second);
    return Float64Array.from(all).sort();
  }

  /** The mean time of a point; -1 where it was not measured. */
  at(first: number, second: number): number {
    const point = this.sums.get(first)?.get(second);
    return point === undefined || point.count === 0 ? -1 : point.sum / point.count;
  }
}

interface Group {
  readonly kind: TableKind;
  readonly keys: TableKeys;
  readonly points: Points;
  /** Operators of an ops group: their place is the second coordinate. */
  readonly names: string[];
  /** The number of the file that each operator, or the table, is from. */
  readonly from: number[];
}

export class TableBuilder {
  private readonly groups = new Map<string, Group>();
  /** The group of the last row: files are sorted, mostly. */
  private last: { readonly keys: string; readonly group: Group } | null = null;
  private readonly files: string[] = [];

  /** Rows are of this file from now on. */
  open(file: string): void {
    this.files.push(file);
  }

  /** Times of one table are of one file: a second one is most likely of another GPU or engine, and an average of both of none. */
  private claim(group: Group, place: number, what: string): void {
    const now = this.files.length - 1;
    const owner = (group.from[place] ??= now);
    if (owner !== now)
      throw new Refusal(
        "two-files",
        `${this.files[owner]} and ${this.files[now]} both hold ${what} of the same model and parallelism. Give one of them.`,
      );
  }

  private group(kind: TableKind, keys: TableKeys): Group {
    const text = `${kind} ${JSON.stringify(keys)}`;
    if (this.last?.keys === text) return this.last.group;
    let group = this.groups.get(text);
    if (group === undefined) this.groups.set(text, (group = { kind, keys, points: new Points(), names: [], from: [] }));
    this.last = { keys: text, group };
    return group;
  }

  addOperator(keys: TableKeys, tokens: number, op: string, ms: number): void {
    const group = this.group("ops", keys);
    let place = group.names.indexOf(op);
    if (place < 0) place = group.names.push(op) - 1;
    this.claim(group, place, `the times of ${op}`);
    group.points.add(tokens, place, ms);
  }

  addCell(kind: "decode" | "prefill", keys: TableKeys, row: number, kv: number, ms: number): void {
    const group = this.group(kind, keys);
    this.claim(group, 0, `the times of ${kind} attention`);
    group.points.add(row, kv, ms);
  }

  addTransfer(kind: "all_reduce" | "send_recv", keys: TableKeys, bytes: number, ms: number): void {
    const group = this.group(kind, keys);
    this.claim(group, 0, `the times of ${kind}`);
    group.points.add(bytes, 0, ms);
  }

  /** Takes over the tables of a profile that was saved. */
  addTable({ kind, keys, columns }: ProfileTable): void {
    const { tokens, rows, kv, bytes, ...times } = columns;
    if (kind === "ops") {
      for (const [op, column] of Object.entries(times)) tokens!.forEach((x, i) => this.addOperator(keys, x, op, column[i]!));
    } else if (kind === "decode" || kind === "prefill") {
      rows!.forEach((row, r) => kv!.forEach((column, c) => this.addCell(kind, keys, row, column, times["ms"]![r * kv!.length + c]!)));
    } else bytes!.forEach((x, i) => this.addTransfer(kind, keys, x, times["ms"]![i]!));
  }

  /** Which kinds of tables are there. */
  kinds(): ReadonlySet<TableKind> {
    return new Set([...this.groups.values()].map(({ kind }) => kind));
  }

  /** One sentence when a table would be too large to hold; else the profile. */
  finish(): OperatorProfile | string {
    const tables: ProfileTable[] = [];
    for (const { kind, keys, points, names } of this.groups.values()) {
      const firsts = points.firsts();
      const mean = (x: number, second: number): number => points.at(x, second);
      if (kind === "ops") {
        const columns = Object.fromEntries(names.map((op, i) => [op, firsts.map((tokens) => mean(tokens, i))]));
        tables.push({ kind, keys, columns: { ...columns, tokens: firsts } });
      } else if (kind === "decode" || kind === "prefill") {
        const kv = points.seconds();
        if (firsts.length * kv.length > MOST_CELLS)
          return `The ${kind} times lie on ${firsts.length.toLocaleString("en-US")} x ${kv.length.toLocaleString("en-US")} different sizes, more than a table holds: measure on a grid.`;
        const ms = new Float64Array(firsts.length * kv.length);
        firsts.forEach((row, r) => kv.forEach((column, c) => (ms[r * kv.length + c] = mean(row, column))));
        tables.push({ kind, keys, columns: { kv, ms, rows: firsts } });
      } else tables.push({ kind, keys, columns: { bytes: firsts, ms: firsts.map((x) => mean(x, 0)) } });
    }
    return canonical(tables);
  }
}
