// Chunks of text -> lines with their numbers. Lines end with LF, CR LF or, in files that have no LF, CR.
import { Refusal } from "./types.ts";

/** Longest line, characters: bounds the memory for files without line ends. */
const LONGEST = 64 * 1024 * 1024;

export class LineSplitter {
  private rest = "";
  private number = 0;
  private readonly end: string;
  private readonly onLine: (text: string, line: number) => void;

  constructor(end: "\n" | "\r", onLine: (text: string, line: number) => void) {
    this.end = end;
    this.onLine = onLine;
  }

  feed(chunk: string): void {
    const searched = this.rest.length;
    const text = searched === 0 ? chunk : this.rest + chunk;
    let from = 0;
    let at = text.indexOf(this.end, searched);
    while (at >= 0) {
      this.line(text, from, at);
      from = at + 1;
      at = text.indexOf(this.end, from);
    }
    this.rest = from === 0 ? text : text.slice(from);
    if (this.rest.length > LONGEST)
      throw new Refusal(
        "line-too-long",
        `Line ${this.number + 1} is longer than 64 MB: the file is not a table or log of one record a line.`,
      );
  }

  finish(): void {
    if (this.rest.length > 0) this.line(this.rest, 0, this.rest.length);
    this.rest = "";
  }

  private line(text: string, from: number, to: number): void {
    const end = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
    this.onLine(text.slice(from, end), ++this.number);
  }
}
