// Lines of a table -> fields. Own code rather than a CSV library: rows must come with their physical line numbers, from chunks of any
// size, in Node and in a worker alike, and without an array of strings per row (a 200 MB file has some five million rows).
import type { Fields } from "./types.ts";

const QUOTE = 34;

/** Fields of one line; null when a quotation mark is not closed. */
export function splitRow(line: string, delimiter: string): string[] | null {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    while (line[at] === " " && delimiter !== " ") at++;
    if (line.charCodeAt(at) === QUOTE) {
      let value = "";
      for (;;) {
        const end = line.indexOf('"', at + 1);
        if (end < 0) return null;
        value += line.slice(at + 1, end);
        at = end + 1;
        if (line.charCodeAt(at) !== QUOTE) break;
        value += '"';
      }
      const next = line.indexOf(delimiter, at);
      cells.push((value + line.slice(at, next < 0 ? line.length : next)).trim());
      at = next;
    } else {
      const next = line.indexOf(delimiter, at);
      cells.push(line.slice(at, next < 0 ? line.length : next).trim());
      at = next;
    }
    if (at < 0) return cells;
    at += delimiter.length;
  }
}

/** The fields of one line after another; text is cut out only for the fields that are asked for. */
export class RowFields implements Fields {
  count = 0;
  private line = "";
  private ends = new Int32Array(64);
  private quoted: readonly string[] | null = null;
  private readonly delimiter: string;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  /** False when a quotation mark is not closed. */
  read(line: string): boolean {
    if (line.includes('"')) {
      this.quoted = splitRow(line, this.delimiter);
      this.count = this.quoted?.length ?? 0;
      return this.quoted !== null;
    }
    this.quoted = null;
    this.line = line;
    let count = 0;
    let at = -1;
    while ((at = line.indexOf(this.delimiter, at + 1)) >= 0) {
      if (count + 1 >= this.ends.length) {
        const grown = new Int32Array(2 * this.ends.length);
        grown.set(this.ends);
        this.ends = grown;
      }
      this.ends[count++] = at;
    }
    this.ends[count++] = line.length;
    this.count = count;
    return true;
  }

  text(index: number): string {
    if (this.quoted !== null) return this.quoted[index] ?? "";
    return this.line.slice(index === 0 ? 0 : this.ends[index - 1]! + 1, this.ends[index]!).trim();
  }
}
