// Every format: its own small sample is recognised, read the same from chunks of any size, plain or gzipped, and its rows are those written down here.
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { soundness } from "../../../conformance/malformed-traces.ts";
import type { ColumnMapping, TraceOutcome } from "../types.ts";
import { traceFormats } from "./index.ts";
import { readTrace } from "./read.ts";
import { samples } from "./samples.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}
const read = (bytes: Uint8Array | string, size = 65536, mapping: ColumnMapping | null = null): Promise<TraceOutcome> =>
  readTrace(inChunks(typeof bytes === "string" ? bytesOf(bytes) : bytes, size), { file: "sample", mapping });

const rowsOf = (outcome: TraceOutcome): unknown =>
  outcome.ok
    ? Array.from({ length: outcome.trace.length }, (_, i) => [
        outcome.trace.arrivedAt[i],
        outcome.trace.promptTokens[i],
        outcome.trace.outputTokens[i],
      ])
    : outcome;

/** Outcome as plain data, to compare whole. */
const plain = (outcome: TraceOutcome): unknown =>
  JSON.parse(
    JSON.stringify(outcome, (_key, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as unknown as Iterable<number>)] : value)),
  );

test("every format has a sample", () => {
  expect(new Set(samples.map((sample) => sample.format))).toEqual(new Set(traceFormats.map((format) => format.id)));
});

describe.each(samples)("$format: $name", ({ format, text, rows, sessions, problems = [] }) => {
  test("is recognised and gives its rows", async () => {
    const outcome = await read(text);
    expect(outcome.report.format).toBe(format);
    expect(rowsOf(outcome)).toEqual(rows);
    expect(soundness(outcome)).toEqual([]);
    expect(outcome.report.problems.map((problem) => problem.code).sort()).toEqual([...problems].sort());
    if (sessions && outcome.ok) expect([...outcome.trace.session!]).toEqual(sessions);
  });
  test("chunks of 1, 7 and 64k bytes, CR LF, a BOM and gzip change nothing but bytes and hash", async () => {
    const whole = plain(await read(text));
    expect(plain(await read(text, 1))).toEqual(whole);
    expect(plain(await read(text, 7))).toEqual(whole);
    expect(plain(await read(gzipSync(bytesOf(text)), 5))).toEqual(whole);
    const windows = await read(`\ufeff${text.replaceAll("\n", "\r\n")}`, 3);
    expect(rowsOf(windows)).toEqual(rows);
    expect(windows.report.hash).not.toBe((whole as { report: { hash: string } }).report.hash);
  });
  test("the hash is the SHA-256 of the unpacked bytes", async () => {
    const hash = createHash("sha256").update(text).digest("hex");
    expect((await read(text, 7)).report.hash).toBe(hash);
    expect((await read(gzipSync(bytesOf(text)))).report.hash).toBe(hash);
  });
  test("half a file never throws, and its counts add up", async () => {
    for (const share of [0.2, 0.5, 0.9, 0.99]) expect(soundness(await read(text.slice(0, Math.floor(text.length * share))))).toEqual([]);
  });
});

describe("noise", () => {
  const lines = samples.flatMap((sample) => sample.text.split("\n"));
  const junk = fc.oneof(
    fc.constantFrom(...lines, "", ",", '"', '"a', "{", "[", "}", "]", '{"a":', "null", "NaN,1,2", "1e400,2,3", "\\", '"\\'),
    fc.string({ maxLength: 40 }),
  );
  test("lines in any order: no throw, counts add up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), async (parts, size) => {
        const outcome = await read(parts.join("\n"), size);
        expect(soundness(outcome)).toEqual([]);
        expect(plain(await read(parts.join("\n"), 4096))).toEqual(plain(outcome));
      }),
      { numRuns: 300, seed: 1 },
    );
  });
  test("bytes of any kind, also behind the start of a known file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.uint8Array({ maxLength: 200 }), fc.nat(), async (sample, noise, at) => {
        const bytes = bytesOf(sample.text);
        bytes.set(noise.subarray(0, bytes.length), Math.min(at % bytes.length, Math.max(0, bytes.length - noise.length)));
        expect(soundness(await read(bytes))).toEqual([]);
        expect(soundness(await read(noise))).toEqual([]);
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe("what a reader must say", () => {
  const code = async (text: string | Uint8Array): Promise<string> => {
    const outcome = await read(text);
    return outcome.ok ? "ok" : outcome.code;
  };
  test("reasons for refusing a whole file", async () => {
    expect(await code("")).toBe("empty-file");
    expect(await code(" \n\n")).toBe("empty-file");
    expect(await code("arrived_at,num_prefill_tokens,num_decode_tokens\n")).toBe("no-rows");
    expect(await code("1,2,3\n4,5,6\n")).toBe("missing-header");
    expect(await code("when,in,out\n1,2,3\n")).toBe("columns-unknown");
    expect(await code("arrived_at,num_prefill_tokens,num_decode_tokens\n1,0,3\n2,-1,3\n")).toBe("no-usable-rows");
    expect(await code("arrived_at,num_prefill_tokens,num_prefill_tokens,num_decode_tokens\n1,2,2,3\n")).toBe("duplicate-column");
    expect(await code(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toBe("not-text");
    expect(await code(gzipSync("arrived_at,num_prefill_tokens,num_decode_tokens\n1,2,3\n".repeat(50)).subarray(0, 60))).toBe("bad-gzip");
    expect(await code('{"num_prompts": 3, "request_throughput": 1.5}')).toBe("no-rows");
    expect(await code("just a sentence")).toBe("unknown-format");
    expect(await code('{"a": [1, 2}}')).not.toBe("ok");
  });
  test("refused rows by reason and line; blank lines are no rows", async () => {
    const text =
      "arrived_at,num_prefill_tokens,num_decode_tokens\n0,10,1\n\n1,x,1\n2,10,-1\n3,10\n4,1.5,1\n5,10.0,1\n6,10000000,1\n7,10000001,1\n,10,1\n-8,10,1\n";
    const { report } = await read(text);
    expect([report.rowsRead, report.accepted, report.refused]).toEqual([10, 3, 7]);
    expect(report.problems.map(({ code: of, lines }) => [of, ...lines])).toEqual([
      ["not-a-number", 4],
      ["negative-tokens", 5],
      ["wrong-field-count", 6],
      ["out-of-range", 7, 10, 12],
      ["bad-time", 11],
    ]);
    expect(report.problems[3]!.text).toContain("(lines 7, 10, 12)");
  });
  test("times are sorted, ties keep the order of the file", async () => {
    const outcome = await read("arrived_at,num_prefill_tokens,num_decode_tokens\n5,1,1\n3,2,1\n5,3,1\n3,4,1\n");
    expect(rowsOf(outcome)).toEqual([
      [0, 2, 1],
      [0, 4, 1],
      [2, 1, 1],
      [2, 3, 1],
    ]);
    expect(outcome.report.problems.map(({ code: of, count }) => [of, count])).toEqual([["timestamps-out-of-order", 2]]);
  });
  test("fields in quotes may hold delimiters, quotes and line ends; a quote that never closes costs its own line only", async () => {
    const header = "arrived_at,num_prefill_tokens,num_decode_tokens,note\n";
    expect(rowsOf(await read(`${header}0,1,2,"a, ""b""\nc"\n1,"1,000",2,x\n`))).toEqual([
      [0, 1, 2],
      [1, 1000, 2],
    ]);
    const broken = await read(`${header}0,1,2,"a\n1,3,4,x\n2,5,6,y\n`);
    expect(rowsOf(broken)).toEqual([
      [0, 3, 4],
      [1, 5, 6],
    ]);
    expect(broken.report.problems.map(({ code: of, lines }) => [of, ...lines])).toEqual([["unclosed-quote", 2]]);
  });
  test("columns chosen by hand, with and without names in the file, and from JSON", async () => {
    const mapping: ColumnMapping = { time: "when", timeUnit: "ms", prompt: "in", output: "out", tenant: "user", session: null };
    const table = await read("when,in,out,user\n1000,5,6,ann\n2500,7,8,bob\n", 9, mapping);
    expect(rowsOf(table)).toEqual([
      [0, 5, 6],
      [1.5, 7, 8],
    ]);
    expect(table.ok && [table.trace.tenantNames, [...table.trace.tenant!]]).toEqual([
      ["ann", "bob"],
      [0, 1],
    ]);
    const bare = { ...mapping, time: "column 1", prompt: "column 2", output: "column 3", tenant: null };
    expect(rowsOf(await read("1000,5,6\n2500,7,8\n", 9, bare))).toEqual([
      [0, 5, 6],
      [1.5, 7, 8],
    ]);
    const nested = { ...mapping, time: "at.ms", prompt: "usage.in", output: "usage.out", tenant: "who" };
    const json = '{"at":{"ms":1000},"usage":{"in":5,"out":6},"who":"ann"}\n{"at":{"ms":2500},"usage":{"in":7,"out":8},"who":"bob"}\n';
    expect(rowsOf(await read(json, 9, nested))).toEqual([
      [0, 5, 6],
      [1.5, 7, 8],
    ]);
    expect(rowsOf(await read("in,out\n5,6\n7,8\n", 9, { ...mapping, time: null, tenant: null }))).toEqual([
      [0, 5, 6],
      [1, 7, 8],
    ]);
    const wrong = await read("a,b\n1,2\n", 9, mapping);
    expect(!wrong.ok && [wrong.code, wrong.columns]).toEqual(["unknown-column", ["a", "b"]]);
  });
  test("nanoseconds since 1970 keep their last digits", async () => {
    const line = (start: string) =>
      `{"startTimeUnixNano":"${start}","attributes":{"gen_ai.usage.input_tokens":5,"gen_ai.usage.output_tokens":6}}\n`;
    expect(rowsOf(await read(line("1763806500000000001") + line("1763806500000000004")))).toEqual([
      [0, 5, 6],
      [3e-9, 5, 6],
    ]);
  });
  test("cancelling answers with nothing loaded", async () => {
    const stop = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield bytesOf("arrived_at,num_prefill_tokens,num_decode_tokens\n1,2,3\n".padEnd(70000, "\n"));
      stop.abort();
      yield bytesOf("2,3,4\n");
    }
    const outcome = await readTrace(slow(), { file: "slow", signal: stop.signal });
    expect(outcome.ok ? "ok" : outcome.code).toBe("cancelled");
    expect(soundness(outcome)).toEqual([]);
  });
  test("progress counts stored bytes and rows", async () => {
    const seen: number[][] = [];
    const text = samples[0]!.text;
    await readTrace(inChunks(bytesOf(text), 1e6), { file: "x", bytes: text.length, onProgress: (...told) => seen.push(told) });
    expect(seen[seen.length - 1]!.slice(0, 2)).toEqual([text.length, text.length]);
  });
});

const fixtures = new URL("../../../../shared/fixtures/trace-format-samples/", import.meta.url);
const present = existsSync(fixtures);
if (!present) console.warn("skipped: ../shared/fixtures is not here, trace formats are not tried on its samples");
describe.skipIf(!present)("reference samples", () => {
  const files = present ? readdirSync(fixtures).filter((file) => file !== "README.md") : [];
  test.each(files)("%s", async (file) => {
    const outcome = await readTrace(createReadStream(new URL(file, fixtures)), { file });
    expect(soundness(outcome)).toEqual([]);
    if (file === "generic.csv") expect(!outcome.ok && outcome.columns).toEqual(["when", "model", "in", "out", "user"]);
    else expect([outcome.ok, outcome.report.accepted, outcome.report.refused]).toEqual([true, file === "sharegpt.json" ? 3 : 5, 0]);
  });
});
