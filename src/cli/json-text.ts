// JSON with a place for its errors: JSON.parse says what is wrong in words that differ between versions of Node, and not always where.

export type JsonOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly what: string };

/** Reads on until the text stops being JSON. Only called for texts that JSON.parse has refused. */
class Scanner {
  readonly text: string;
  at = 0;
  what = "";

  constructor(text: string) {
    this.text = text;
  }

  /** False where the text fails; `at` and `what` then say where and why. */
  document(): boolean {
    if (!this.value(0)) return false;
    this.space();
    return this.at === this.text.length || this.fail("the text goes on after its end");
  }

  private space(): void {
    while (this.at < this.text.length && " \t\r\n".includes(this.text[this.at]!)) this.at++;
  }

  private fail(what: string): false {
    if (this.what === "")
      this.what = this.at >= this.text.length ? "the text ends too early" : `${what}, not ${JSON.stringify(this.text[this.at])}`;
    return false;
  }

  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return false;
    this.at += found[0].length;
    return true;
  }

  private value(depth: number): boolean {
    this.space();
    if (depth > 1000) return this.fail("fewer levels of nesting are wanted");
    const first = this.text[this.at];
    if (first === "{" || first === "[") return this.members(first, depth);
    if (first === '"') return this.string();
    return this.match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y) || this.fail("a value is wanted here");
  }

  private string(): boolean {
    this.at++;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]!;
      if (character === '"') {
        this.at++;
        return true;
      }
      if (character < " ") return this.fail("a text in double quotes must end on its line");
      if (character === "\\") {
        if (!this.match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) return this.fail("an escape such as \\n or \\u00e9 is wanted here");
        this.at--;
      }
    }
    return this.fail("");
  }

  private members(open: "{" | "[", depth: number): boolean {
    const close = open === "{" ? "}" : "]";
    this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.at++;
      return true;
    }
    for (;;) {
      this.space();
      if (open === "{") {
        if (this.text[this.at] !== '"') return this.fail("a field name in double quotes is wanted here");
        if (!this.string()) return false;
        this.space();
        if (this.text[this.at] !== ":") return this.fail('":" is wanted here');
        this.at++;
      }
      if (!this.value(depth + 1)) return false;
      this.space();
      const next = this.text[this.at];
      if (next !== "," && next !== close) return this.fail(`"," or "${close}" is wanted here`);
      this.at++;
      if (next === close) return true;
    }
  }
}

export function parseJson(given: string): JsonOutcome {
  const text = given.startsWith("\ufeff") ? given.slice(1) : given;
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const scanner = new Scanner(text);
    if (scanner.document()) return { ok: false, line: 1, column: 1, what: error instanceof Error ? error.message : "it cannot be read" };
    const before = text.slice(0, scanner.at).split("\n");
    return { ok: false, line: before.length, column: before.at(-1)!.length + 1, what: scanner.what };
  }
}
