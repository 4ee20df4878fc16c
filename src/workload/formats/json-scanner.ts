// Finds values at given paths in JSON text that comes in chunks, and hands over the text of each: a file of any size needs no more memory
// than its largest such value. It checks the nesting; the values are checked when they are parsed.
import { Refusal } from "./types.ts";

const LARGEST = 64 * 1024 * 1024;

export class JsonScanner {
  private readonly paths: readonly (readonly string[])[];
  private readonly onValue: (path: number, text: string, line: number) => void;
  /** Open containers: "*" for an array, the current key for an object. */
  private readonly stack: string[] = [];
  private readonly closers: string[] = [];
  private line = 1;
  private inString = false;
  private escaped = false;
  private isKey = false;
  private key = "";
  private expectKey = false;
  private inScalar = false;
  /** Path being captured, or -1; the depth at which it began, its line and its text so far. */
  private capturing = -1;
  private captureDepth = 0;
  private captureLine = 0;
  private captured = "";

  constructor(paths: readonly (readonly string[])[], onValue: (path: number, text: string, line: number) => void) {
    this.paths = paths;
    this.onValue = onValue;
  }

  feed(text: string): void {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (char === "\n") this.line++;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (char === "\\") this.escaped = true;
        else if (char === '"') {
          this.inString = false;
          if (this.isKey) this.stack[this.stack.length - 1] = this.key;
          else if (this.endsHere()) this.deliver(text.slice(from, i + 1));
          this.isKey = false;
          continue;
        }
        if (this.isKey && this.key.length < 200) this.key += char;
        continue;
      }
      if (this.inScalar) {
        if (char !== "," && char !== "]" && char !== "}" && char > " ") continue;
        this.inScalar = false;
        if (this.endsHere()) this.deliver(text.slice(from, i));
      }
      if (char <= " " || char === "\ufeff") continue;
      if (char === ",") this.expectKey = this.closers[this.closers.length - 1] === "}";
      else if (char === ":") this.expectKey = false;
      else if (char === "}" || char === "]") {
        if (this.closers.pop() !== char)
          throw new Refusal("bad-json", `The file is not valid JSON: line ${this.line} has a "${char}" that closes nothing.`);
        this.stack.pop();
        this.expectKey = false;
        if (this.endsHere()) this.deliver(text.slice(from, i + 1));
      } else if (char === '"' && this.expectKey) {
        this.inString = true;
        this.isKey = true;
        this.key = "";
      } else {
        if (this.capturing < 0 && this.matches()) from = i;
        if (char === "{" || char === "[") {
          this.stack.push(char === "[" ? "*" : "");
          this.closers.push(char === "[" ? "]" : "}");
          this.expectKey = char === "{";
          if (this.closers.length > 500)
            throw new Refusal("bad-json", `The JSON is nested more than 500 deep at line ${this.line}: it is no trace.`);
        } else if (char === '"') this.inString = true;
        else this.inScalar = true;
      }
    }
    if (this.capturing < 0) return;
    this.captured += text.slice(from);
    if (this.captured.length > LARGEST) throw new Refusal("line-too-long", `The record at line ${this.captureLine} is longer than 64 MB.`);
  }

  /** True when the text ended between values, as it should. */
  finish(): boolean {
    if (this.inScalar && this.endsHere()) {
      this.inScalar = false;
      this.deliver("");
    }
    return this.closers.length === 0 && !this.inString;
  }

  /** Starts to capture when a path leads here. */
  private matches(): boolean {
    const { stack } = this;
    for (let p = 0; p < this.paths.length; p++) {
      const path = this.paths[p]!;
      if (path.length !== stack.length || !path.every((part, depth) => part === "*" || part === stack[depth])) continue;
      this.capturing = p;
      this.captureDepth = stack.length;
      this.captureLine = this.line;
      this.captured = "";
      return true;
    }
    return false;
  }

  private endsHere(): boolean {
    return this.capturing >= 0 && this.stack.length === this.captureDepth;
  }

  private deliver(last: string): void {
    const path = this.capturing;
    const text = this.captured + last;
    this.capturing = -1;
    this.captured = "";
    this.onValue(path, text, this.captureLine);
  }
}
