import { expect, test } from "vitest";
import { RequestTracer } from "../../engine/metrics/tracer.ts";
import { configOf, linearLatency, runAll, textOf } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { createEngine } from "../../engine/index.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { sarathi } from "./sarathi.ts";

// 10 ms an iteration and 0.1 ms a token.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const pool = (values: object) => ({ batching: { definition: sarathi, values: { watermark: 0, ...values } }, latency });
const config = (rows: readonly Row[], values: object, more: object = {}) =>
  configOf({ pools: [{ ...pool(values), ...more }], routing: roundRobin, source: rows });

test("two prompts share a budget of 64 tokens, and decodes go along: by hand", () => {
  // 1: A 64 tokens, to 16.4 ms. 2: A 36 and B 28, to 32.8. 3: A decodes, B 22: 23 tokens, to 45.1. 4: both decode, to 55.3.
  const rows = [
    { at: 0, prompt: 100, output: 3 },
    { at: 0, prompt: 50, output: 2 },
  ];
  const tracers = [new RequestTracer(0), new RequestTracer(1)];
  const engine = createEngine(config(rows, { chunk: 64 }), { keepRequests: true, recorders: tracers });
  for (const tracer of tracers) tracer.attach(engine.simulation);
  engine.simulation.runUntil(Infinity);
  const chunks = tracers.map((tracer) =>
    tracer
      .timeline()!
      .events.filter(({ kind }) => kind === "chunk")
      .map(({ at, tokens, sharedWith }) => [Number(at.toFixed(9)), tokens, sharedWith]),
  );
  expect(chunks).toEqual([
    [
      [0.0164, 64, 0],
      [0.0328, 36, 0],
    ],
    [
      [0.0328, 28, 0],
      [0.0451, 22, 1],
    ],
  ]);
  const { id, scheduledAt, firstTokenAt, finishedAt } = engine.requests();
  expect([...id]).toEqual([0, 1]);
  [0, 0.0164].forEach((time, row) => expect(scheduledAt[row]).toBeCloseTo(time, 12));
  [0.0328, 0.0451].forEach((time, row) => expect(firstTokenAt[row]).toBeCloseTo(time, 12));
  [0.0553, 0.0553].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
  expect(engine.simulation.iterations).toBe(4);
});

test("the batch cap holds the third back until one is done", () => {
  const rows = [0, 1, 2].map(() => ({ at: 0, prompt: 10, output: 2 }));
  const log = runAll(config(rows, { chunk: 64, batchCap: 2 })).requests();
  // Two prompts of 10: 12 ms; two decodes: 10.2 ms; then the third: 11 ms and 10.1 ms.
  expect(log.scheduledAt[2]).toBeCloseTo(0.0222, 12);
  expect(log.finishedAt[2]).toBeCloseTo(0.0433, 12);
});

test("when blocks run out the request that arrived last gives way, and computes all it had again", () => {
  // 4 blocks of 4. A and B take a prompt of 6 each, 2 blocks each: 12 tokens, to 11.2 ms. None is free before A's next token, so B goes. With its
  // own first token it is a prompt of 7 now, which fits at once: A decodes beside it, 8 tokens, to 22.0, and B has its second token. A goes on alone.
  const rows = [
    { at: 0, prompt: 6, output: 4 },
    { at: 0, prompt: 6, output: 2 },
  ];
  const engine = runAll(config(rows, { chunk: 64 }, { kvBlocks: 4, blockSize: 4 }));
  const log = engine.requests();
  expect([...log.id]).toEqual([1, 0]);
  expect([...log.preemptions]).toEqual([1, 0]);
  [0.0112, 0.0112].forEach((time, row) => expect(log.firstTokenAt[row]).toBeCloseTo(time, 12));
  [0.022, 0.0422].forEach((time, row) => expect(log.finishedAt[row]).toBeCloseTo(time, 12));
  expect(engine.summary(true).fleet.preemptions).toBe(1);
});

test("a watermark keeps blocks free from prompts, not from decodes", () => {
  // 10 blocks of 4, 3 of them kept free: the second prompt of 16 would leave 2, and waits for the first to end.
  const rows = [0, 1].map(() => ({ at: 0, prompt: 16, output: 2 }));
  const log = runAll(config(rows, { chunk: 64, watermark: 0.3 }, { kvBlocks: 10, blockSize: 4 })).requests();
  // 16 tokens: 11.6 ms; one decode: 10.1 ms.
  expect(log.scheduledAt[1]).toBeCloseTo(0.0217, 12);
  expect([...log.preemptions]).toEqual([0, 0]);
});

test("as Vidur: a request preempted within its prompt takes the rest of it for output", () => {
  // 6 blocks of 4, a budget of 8. A's prompt takes 2 blocks and the first iteration. In the second A decodes (its third block), B comes in with 3 blocks
  // and 7 tokens of its 10. No block is free before the third: B goes, with 7 tokens computed. As Vidur has it, it comes back with a prompt of 7 and
  // 2 + 3 tokens of output.
  const rows = [
    { at: 0, prompt: 8, output: 6 },
    { at: 0, prompt: 10, output: 2 },
  ];
  const counts = [false, true].map((vidurRestart) => {
    let tokens = 0;
    const engine = runAll(config(rows, { chunk: 8, vidurRestart }, { kvBlocks: 6, blockSize: 4 }), [
      { decoded: (lane, steps) => (tokens += lane.group.count * steps), firstToken: () => tokens++, resumed: () => tokens++ },
    ]);
    expect(engine.requests().preemptions[engine.requests().id.indexOf(1)]).toBeGreaterThan(0);
    return tokens;
  });
  expect(counts).toEqual([8, 11]);
});

test("planned ahead, a request that comes in waits for one more iteration, on an idle replica for none: by hand", () => {
  // A: 10 tokens, to 11 ms; decodes of 10.1 ms end at 21.1, 31.2, 41.3, ... B comes at 25 ms, while the batch to 41.3 ms is already put together.
  const rows = [
    { at: 0, prompt: 10, output: 6 },
    { at: 0.025, prompt: 20, output: 1 },
  ];
  const scheduledAt = (planAhead: boolean): readonly number[] => {
    const log = runAll(config(rows, { chunk: 64, planAhead })).requests();
    return [0, 1].map((id) => log.scheduledAt[log.id.indexOf(id)]!);
  };
  [0, 0.0312].forEach((time, id) => expect(scheduledAt(false)[id]).toBeCloseTo(time, 12));
  [0, 0.0413].forEach((time, id) => expect(scheduledAt(true)[id]).toBeCloseTo(time, 12));
});

test("planned ahead, leaping gives the bytes of stepping", () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ at: i * 0.013, prompt: 10 + ((i * 37) % 90), output: 1 + ((i * 11) % 40) }));
  const texts = [false, true].map((step) =>
    textOf(
      runAll(
        configOf({
          pools: [pool({ chunk: 64, batchCap: 6, planAhead: true })].map((one) => ({ ...one, kvBlocks: 40 })),
          routing: roundRobin,
          source: rows,
          step,
        }),
      ),
    ),
  );
  expect(texts[0]).toEqual(texts[1]);
});

test("whole prompts: one that the rest of the budget does not hold waits; one longer than the budget is cut", () => {
  const firstTokens = (prompt: number, wholePrompts: boolean): readonly number[] => {
    const rows = [
      { at: 0, prompt: 40, output: 2 },
      { at: 0, prompt, output: 1 },
    ];
    const log = runAll(config(rows, { chunk: 64, wholePrompts })).requests();
    return [0, 1].map((id) => log.firstTokenAt[log.id.indexOf(id)]!);
  };
  // Cut: 40 + 24 tokens, 16.4 ms; then A's decode and the other 16, 11.7 ms. Whole: 40 tokens, 14 ms; then A's decode and all 40, 14.1 ms.
  [0.0164, 0.0281].forEach((time, id) => expect(firstTokens(40, false)[id]).toBeCloseTo(time, 12));
  [0.014, 0.0281].forEach((time, id) => expect(firstTokens(40, true)[id]).toBeCloseTo(time, 12));
  // 70 tokens never fit: 24, then 46.
  expect(firstTokens(70, true)).toEqual(firstTokens(70, false));
});
