// The tree by hand, and what must hold after any operations.
import fc from "fast-check";
import { expect, test } from "vitest";
import { PairTable } from "./pair-table.ts";
import { PrefixTree } from "./prefix-tree.ts";
import { symbolsOf, textOfSymbols } from "./testing-text.ts";

const insert = (tree: PrefixTree, text: string, tenant: number, time: number): void => {
  const symbols = symbolsOf(text);
  tree.insert(symbols, symbols.length, tenant, time);
};
const match = (tree: PrefixTree, text: string, available: number[] | null = null): string | null => {
  const symbols = symbolsOf(text);
  return tree.match(symbols, symbols.length, available) ? textOfSymbols(symbols.subarray(0, tree.matched)) : null;
};
const chain = (tree: PrefixTree, tenant: number): string[] => tree.chain(tenant).map(({ text }) => textOfSymbols(text));

const treeOf = (...tenants: number[]): PrefixTree => {
  const tree = new PrefixTree();
  for (const tenant of tenants) tree.add(tenant);
  return tree;
};

test("an edge is split where texts part, and counts stay", () => {
  const tree = treeOf(0, 1);
  insert(tree, "prefill batch", 0, 1);
  insert(tree, "prefix cache", 1, 2);
  expect([tree.countOf(0), tree.countOf(1)]).toEqual([13, 12]);
  expect(chain(tree, 0)).toEqual(["prefi", "ll batch"]);
  expect(chain(tree, 1)).toEqual(["x cache", "prefi"]);
  expect(match(tree, "prefixes")).toBe("prefix");
  expect([tree.ownsLast(0), tree.ownsLast(1)]).toEqual([false, true]);
  // The node that only tenant 1 has hides the stem of both.
  expect(match(tree, "prefixes", [0])).toBe("prefi");
  expect(match(tree, "decode")).toBe("");
  expect([tree.ownsLast(0), tree.ownsLast(1)]).toEqual([true, true]);
  expect(match(tree, "prefill", [7])).toBeNull();
});

test("groups of equal time go together, oldest first; nothing is left of what nobody owns", () => {
  const tree = treeOf(0);
  insert(tree, "ab|1", 0, 1);
  insert(tree, "ab|22", 0, 2);
  expect(tree.evict(0, 1)).toBe(1);
  expect(match(tree, "ab|1")).toBe("ab|");
  expect(tree.evict(0, 1)).toBe(5);
  expect(tree.nodes).toBe(0);
  expect(tree.evict(0, 10)).toBe(0);
});

test("a sweep begins above the threshold and is of one tenant at a time", () => {
  const tree = treeOf(0, 1);
  insert(tree, "aaaa", 0, 1);
  insert(tree, "bbb", 1, 1);
  insert(tree, "cc", 1, 2);
  expect(tree.sweep(4, 2)).toBe(3);
  expect([tree.countOf(0), tree.countOf(1)]).toEqual([4, 2]);
  expect([tree.isSmallest(0), tree.isSmallest(1)]).toEqual([false, true]);
});

type Operation =
  | { readonly op: "insert"; readonly text: string; readonly tenant: number }
  | { readonly op: "evict"; readonly tenant: number; readonly most: number }
  | { readonly op: "remove" | "add"; readonly tenant: number }
  | { readonly op: "match"; readonly text: string; readonly available: number[] };

const texts = fc.array(fc.constantFrom("a", "b"), { maxLength: 12 }).map((letters) => letters.join(""));
const tenants = fc.nat(3);
const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ op: fc.constant("insert" as const), text: texts, tenant: tenants }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("evict" as const), tenant: tenants, most: fc.nat(12) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constantFrom("remove" as const, "add" as const), tenant: tenants }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant("match" as const), text: texts, available: fc.uniqueArray(tenants) }) },
  ),
  { maxLength: 60 },
);

/** Counts, ancestors and times, and that the children of a node begin differently. */
function check(tree: PrefixTree): void {
  const heads = new Map<string, number>();
  const nodes = new Set<number>();
  for (let tenant = 0; tenant < 4; tenant++) {
    const rows = tree.chain(tenant);
    expect(rows.reduce((sum, { text }) => sum + text.length, 0)).toBe(tree.countOf(tenant));
    const timeOf = new Map(rows.map(({ node, time }) => [node, time]));
    for (const { node, parent, text, time } of rows) {
      nodes.add(node);
      expect(text.length).toBeGreaterThan(0);
      if (parent !== 0) expect(timeOf.get(parent)).toBeGreaterThanOrEqual(time);
      const head = `${parent} ${text[0]}`;
      expect(heads.get(head) ?? node).toBe(node);
      heads.set(head, node);
    }
    for (let i = 1; i < rows.length; i++) expect(rows[i]!.time).toBeLessThanOrEqual(rows[i - 1]!.time);
  }
  expect(tree.nodes).toBe(nodes.size);
}

test("what must hold holds after any operations", () => {
  fc.assert(
    fc.property(operations, (list) => {
      const tree = treeOf(0, 1, 2);
      const inserted = new Set<string>();
      list.forEach((step, time) => {
        switch (step.op) {
          case "insert": {
            const known = tree.has(step.tenant);
            insert(tree, step.text, step.tenant, time);
            if (known) inserted.add(step.text);
            const before = [0, 1, 2, 3].map((tenant) => tree.countOf(tenant));
            insert(tree, step.text, step.tenant, time);
            expect([0, 1, 2, 3].map((tenant) => tree.countOf(tenant))).toEqual(before);
            if (known) {
              expect(match(tree, step.text, [step.tenant])).toBe(step.text);
              expect(tree.ownsLast(step.tenant)).toBe(true);
            }
            break;
          }
          case "evict": {
            const before = tree.countOf(step.tenant);
            const removed = tree.evict(step.tenant, step.most);
            expect(removed).toBeGreaterThanOrEqual(Math.min(step.most, before));
            expect(tree.countOf(step.tenant)).toBe(before - removed);
            break;
          }
          case "remove":
            expect(tree.remove(step.tenant)).toBeGreaterThanOrEqual(0);
            expect(tree.countOf(step.tenant)).toBe(0);
            break;
          case "add":
            tree.add(step.tenant);
            break;
          default: {
            const found = match(tree, step.text, step.available);
            const known = step.available.filter((tenant) => tree.has(tenant));
            if (known.length === 0) {
              expect(found).toBeNull();
              break;
            }
            expect(step.text.startsWith(found!)).toBe(true);
            if (found !== "") expect([...inserted].some((text) => text.startsWith(found!))).toBe(true);
            expect(known.some((tenant) => tree.ownsLast(tenant))).toBe(true);
          }
        }
        check(tree);
      });
    }),
    { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 200) },
  );
});

test("pairs in the table are those in a map", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -40, max: 40 }), fc.boolean()), { maxLength: 300 }), (list) => {
      const table = new PairTable();
      const map = new Map<string, number>();
      list.forEach(([node, symbol, set], i) => {
        if (set) {
          table.set(node, symbol, i);
          map.set(`${node} ${symbol}`, i);
        } else {
          table.delete(node, symbol);
          map.delete(`${node} ${symbol}`);
        }
        expect(table.count).toBe(map.size);
      });
      for (let node = 0; node < 6; node++)
        for (let symbol = -40; symbol <= 40; symbol++) expect(table.get(node, symbol)).toBe(map.get(`${node} ${symbol}`) ?? -1);
    }),
    { numRuns: 60 },
  );
});
