import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAst } from "vite";
import { withoutCode, withoutWords } from "./lean.mjs";

const source = `export const p = definePolicy({
  id: "p", // café
  help: "Long words.",
  params: { most: integer(3, "How many.", { label: "Most" }), count: choice("a", { a: "A" }, \`Of which.\`, "Count") },
  create: ({ most }) => ({ plan: () => most }),
});
const n = number(helpFor(3));`;

test("the page keeps words and numbers, a worker keeps numbers and code", () => {
  expect(withoutCode(source)).toBe(source.replace("({ most }) => ({ plan: () => most })", "undefined"));
  expect(withoutWords(source)).toBe(source.replace('"Long words."', '""').replace('"How many."', '""').replace("`Of which.`", '""'));
});

test("every policy is written so that its code can be left out, and its help", () => {
  let policies = 0;
  for (const kind of readdirSync("src/policies", { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const name of readdirSync(`src/policies/${kind.name}`)) {
      if (!name.endsWith(".ts")) continue;
      const code = readFileSync(`src/policies/${kind.name}/${name}`, "utf8");
      if (name.endsWith(".test.ts") || !code.includes("= definePolicy({")) continue;
      policies++;
      const page = withoutCode(code);
      const worker = withoutWords(code);
      expect(page, name).toContain("create: undefined");
      expect(worker, name).toMatch(/help:\s+"",/);
      for (const text of [page, worker]) expect(() => parseAst(text, { lang: "ts" })).not.toThrow();
    }
  }
  expect(policies).toBeGreaterThan(8);
});
