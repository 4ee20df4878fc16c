import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultScenario } from "./base.ts";
import { canonicalJson, hashScenario, textHash } from "./hash.ts";

test("SHA-256 agrees with the platform's", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(textHash(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
    }),
  );
  for (const length of [0, 55, 56, 63, 64, 65, 119, 120, 5000]) {
    const text = "a".repeat(length);
    expect(textHash(text)).toBe(createHash("sha256").update(text).digest("hex"));
  }
});

test("canonical JSON does not depend on the order of keys", () => {
  expect(canonicalJson({ b: [1, { d: null, c: 1e-7 }], a: "x" })).toBe('{"a":"x","b":[1,{"c":1e-7,"d":null}]}');
  const reversed = Object.fromEntries(Object.entries(defaultScenario).reverse());
  expect(hashScenario(reversed as unknown as typeof defaultScenario)).toBe(hashScenario(defaultScenario));
});

test("a changed field changes the hash", () => {
  expect(hashScenario({ ...defaultScenario, seed: 2 })).not.toBe(hashScenario(defaultScenario));
});

// Links and files name only what differs from the default scenario: if this hash changes, every saved scenario changes its meaning.
// A change needs a new version and an upgrader (docs/formats.md).
test("the scenario that version 1 differs from is frozen", () => {
  expect(hashScenario(defaultScenario)).toBe("90aa499f21c12d8b8e92f7ecaf16ecbc2fe6c631fdf83f24fa8fd8565eb2b7e2");
});
