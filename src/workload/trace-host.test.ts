// Reading for the page: progress is limited, a second file cancels the first, buffers are those of the columns.
import { expect, test } from "vitest";
import { buffersOf, traceReader } from "./trace-host.ts";

const header = "arrived_at,num_prefill_tokens,num_decode_tokens\n";
const file = (name: string, text: string) => {
  const bytes = new TextEncoder().encode(text);
  return { name, size: bytes.length, stream: () => new Blob([bytes]).stream() as ReadableStream<Uint8Array> };
};

test("a file is read, with a last word on the progress", async () => {
  const told: number[][] = [];
  const reader = traceReader(() => 0);
  const outcome = await reader.read(file("a.csv", `${header}0,1,2\n1,3,4\n`), null, (...seen) => told.push(seen));
  expect(outcome.ok && [outcome.report.file, outcome.report.accepted]).toEqual(["a.csv", 2]);
  expect(told[told.length - 1]).toEqual([outcome.report.bytes, outcome.report.bytes, 2]);
  expect(outcome.ok && new Set(buffersOf(outcome.trace)).size).toBe(3);
});

test("a second file cancels the first, and cancel ends a reading", async () => {
  const reader = traceReader(() => 0);
  const long = header + "0,1,2\n".repeat(300000);
  const first = reader.read(file("long.csv", long), null, () => {});
  const second = reader.read(file("b.csv", `${header}0,1,2\n`), null, () => {});
  const outcomes = await Promise.all([first, second]);
  expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.code))).toEqual(["cancelled", "ok"]);
  const third = reader.read(file("long.csv", long), null, () => reader.cancel());
  expect(await third.then((outcome) => (outcome.ok ? "ok" : outcome.code))).toBe("cancelled");
});
