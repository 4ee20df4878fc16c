import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "./json-text.ts";

describe("parseJson", () => {
  test("reads what JSON.parse reads, with or without a byte order mark", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.boolean(), (text, mark) => {
        expect(parseJson((mark ? "\ufeff" : "") + text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  test.each([
    ['{\n  "a": 1,\n  "b": [1, 2,],\n}', 3, 14, 'a value is wanted here, not "]"'],
    ["{'a': 1}", 1, 2, 'a field name in double quotes is wanted here, not "\'"'],
    ['{"a" 1}', 1, 6, '":" is wanted here, not "1"'],
    ['{"a": 1', 1, 8, "the text ends too early"],
    ['["a\nb"]', 1, 4, 'a text in double quotes must end on its line, not "\\n"'],
    ['["a\\q"]', 1, 4, 'an escape such as \\n or \\u00e9 is wanted here, not "\\\\"'],
    ["", 1, 1, "the text ends too early"],
    ['{"a": 1} x', 1, 10, 'the text goes on after its end, not "x"'],
    ["[1\n 2]", 2, 2, '"," or "]" is wanted here, not "2"'],
    ["{\n// why\n}", 2, 1, 'a field name in double quotes is wanted here, not "/"'],
    ["[01]", 1, 3, '"," or "]" is wanted here, not "1"'],
    ["NaN", 1, 1, 'a value is wanted here, not "N"'],
  ])("says where %j fails", (text, line, column, what) => {
    expect(parseJson(text)).toEqual({ ok: false, line, column, what });
  });

  test("whatever JSON.parse refuses is refused with a place inside the text", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, at, noise) => {
        const cut = at % (text.length + 1);
        const broken = text.slice(0, cut) + noise + text.slice(cut + 1);
        const outcome = parseJson(broken);
        let valid = true;
        try {
          JSON.parse(broken.startsWith("\ufeff") ? broken.slice(1) : broken);
        } catch {
          valid = false;
        }
        expect(outcome.ok).toBe(valid);
        if (!outcome.ok) expect(outcome.what).not.toMatch(/position|JSON/);
      }),
    );
  });
});
