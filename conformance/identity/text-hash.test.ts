import { describe, expect, test } from "vitest";
import { TextHash } from "./text-hash.ts";

const hash = (...parts: readonly string[]): string => {
  const made = new TextHash();
  for (const part of parts) made.add(part);
  return made.hex();
};

describe("text hash", () => {
  test("depends on the text, not on how it is cut", () => {
    expect(hash("id,tenant\n", "1,chat\n")).toBe(hash("id,tenant\n1,chat\n"));
  });

  test("one changed digit changes both halves", () => {
    const a = hash("0.1234567890123456");
    const b = hash("0.1234567890123457");
    expect(a.slice(0, 8)).not.toBe(b.slice(0, 8));
    expect(a.slice(8)).not.toBe(b.slice(8));
  });

  test("no two of many short texts meet", () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => hash(String(i))));
    expect(seen.size).toBe(20_000);
  });
});
