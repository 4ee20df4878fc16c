import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { testRun } from "../test-picture.ts";
import { parseFilter } from "./filter.ts";
import { arrange, cellText, csvLines, keyOf, missed, phasesOf, rowNear, type RowContext } from "./select.ts";
import { filterRows, inSlices, sortRows } from "./sort.ts";

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const run = testRun({ end: 120, bucket: 5 });
const context: RowContext = {
  log: run.requests,
  tenants: ["assistant", "coder", "batch"],
  replicaName: (i) => run.picture.fleet.replicas[i]?.name ?? "\u2013",
  classes: run.scenario.sloClasses,
};
const all = { lateOnly: false, tenant: null, replica: null, text: "" };
const byId = { column: "id", descending: false } as const;
const { log } = context;

describe("radix sort", () => {
  const sorted = (keys: readonly number[], descending: boolean): number[] => [
    ...finish(
      sortRows(
        Uint32Array.from(keys, (_, i) => i),
        (row) => keys[row]!,
        descending,
      ),
    ),
  ];
  test("orders like numbers, stable, NaN last in both directions", () => {
    expect(sorted([3, NaN, -1, 3, 0, -Infinity, 1e-300, Infinity], false)).toEqual([5, 2, 4, 6, 0, 3, 7, 1]);
    expect(sorted([3, NaN, -1, 3], true)).toEqual([0, 3, 2, 1]);
  });
  test("agrees with the comparison sort", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -5, max: 5 })), { maxLength: 200 }), (keys) => {
        const plus = keys.map((k) => k + 0);
        const expected = plus.map((_, i) => i).sort((a, b) => plus[a]! - plus[b]! || a - b);
        expect(sorted(plus, false)).toEqual(
          plus.every(Number.isFinite)
            ? expected
            : plus.map((_, i) => i).sort((a, b) => (plus[a]! < plus[b]! ? -1 : plus[a]! > plus[b]! ? 1 : a - b)),
        );
      }),
    );
  });
  test("a million keys come back in short slices", async () => {
    const count = 1_000_000;
    const keys = new Float64Array(count);
    for (let i = 0, s = 1; i < count; i++) keys[i] = s = (s * 48271) % 2147483647;
    const rows = Uint32Array.from({ length: count }, (_, i) => i);
    const order = await inSlices(
      sortRows(rows, (row) => keys[row]!, false),
      new AbortController().signal,
    );
    for (let i = 1; i < count; i += 997) expect(keys[order![i]!]! >= keys[order![i - 1]!]!).toBe(true);
  });
  test("given up when asked to", async () => {
    const abort = new AbortController();
    const work = inSlices(filterRows(5_000_000, [(row) => row % 2 === 0]), abort.signal, 1);
    abort.abort();
    expect(await work).toBeNull();
  });
});

describe("filter box", () => {
  const rows = (text: string): number[] => {
    const { tests, trouble } = parseFilter(text, context);
    expect(trouble).toBe("");
    return [...finish(filterRows(log.length, tests))];
  };
  test("words name tenants and replicas", () => {
    expect(rows("cod").every((row) => log.tenant[row] === 1)).toBe(true);
    expect(rows("c2").every((row) => log.replica[row] === 1)).toBe(true);
    expect(rows("assistant c1").length).toBeLessThan(rows("assistant").length);
    expect(rows("17").map((row) => log.id[row])).toEqual([17]);
  });
  test("comparisons in the units of the columns", () => {
    const over = rows("prompt>2000, tpot >= 20");
    expect(over.length).toBeGreaterThan(0);
    for (const row of over) {
      expect(log.promptTokens[row]!).toBeGreaterThan(2000);
      expect((log.finishedAt[row]! - log.firstTokenAt[row]!) / (log.outputTokens[row]! - 1)).toBeGreaterThanOrEqual(0.02);
    }
    expect(rows("arrived < 00:30").every((row) => log.arrivedAt[row]! < 30)).toBe(true);
    expect(rows("ttft < 500ms").length).toBe(rows("ttft < 0.5").length);
  });
  test("says what it did not understand", () => {
    expect(parseFilter("speed > 3", context).trouble).toMatch(/^"speed" is no column to compare\. Known: id, prompt/);
    expect(parseFilter("ttft > fast", context).trouble).toContain('"fast"');
  });
});

describe("rows", () => {
  test("sorted by a column, ties by arrival", () => {
    const rows = finish(arrange({ filter: all, range: null, sort: { column: "output", descending: true } }, context));
    expect(rows.length).toBe(log.length);
    for (let i = 1; i < rows.length; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      expect(log.outputTokens[a]! > log.outputTokens[b]! || (log.outputTokens[a] === log.outputTokens[b] && log.id[a]! < log.id[b]!)).toBe(
        true,
      );
    }
  });
  test("late only, and the brushed range of arrivals", () => {
    const late = finish(arrange({ filter: { ...all, lateOnly: true }, range: [20, 60], sort: byId }, context));
    for (const row of late) {
      expect(log.met[row]).toBe(0);
      expect(log.arrivedAt[row]!).toBeGreaterThanOrEqual(20);
      expect(log.arrivedAt[row]!).toBeLessThan(60);
      expect(missed(context, row).length).toBeGreaterThan(0);
    }
  });
  test("cells say what the columns say", () => {
    const ttft = log.firstTokenAt[5]! - log.arrivedAt[5]!;
    expect(cellText("ttft", context, 5)).toEqual({ text: ttft.toFixed(2), late: ttft > 2 });
    expect(cellText("id", context, 5).text).toBe(String(log.id[5]));
    const phases = phasesOf(log, 5);
    expect(phases[0] + phases[1] + phases[2]).toBeCloseTo(log.finishedAt[5]! - log.arrivedAt[5]!, 9);
    expect(keyOf("tenant", context)(0)).toBe([0, 2, 1][log.tenant[0]!]);
  });
  test("the row at a time", () => {
    const rows = finish(arrange({ filter: all, range: null, sort: byId }, context));
    const at = rowNear(rows, log, 60);
    expect(log.arrivedAt[rows[at]!]!).toBeGreaterThanOrEqual(60);
    expect(log.arrivedAt[rows[at - 1]!]!).toBeLessThan(60);
  });
  test("CSV has a line per request", () => {
    const out: string[] = [];
    finish(csvLines(Uint32Array.of(0, 1), context, () => "chat", out));
    const lines = out.join("").trim().split("\n");
    expect(lines.length).toBe(3);
    expect(lines[1]?.split(",").length).toBe(lines[0]?.split(",").length);
  });
});
