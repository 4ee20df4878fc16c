import { expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import { emptyShape } from "./shape.ts";
import { tokenTable } from "./token-table.ts";

const shard = { gpu: gpuById("a100-80-sxm"), model: modelById("llama-3-70b"), tensorParallel: 4, pipelineParallel: 1 };
const timeOf = (rows: number[][], tokens: number, stages = 1): number =>
  tokenTable.create({ rows } as never, { ...shard, pipelineParallel: stages }).iteration({ ...emptyShape, prefillTokens: tokens }, 0);

test("between rows a straight line, below the first its time, beyond the last as steep as before", () => {
  const rows = [
    [300, 50],
    [100, 10],
    [200, 20],
  ];
  const seconds = [1, 100, 150, 200, 250, 300, 400].map((tokens) => timeOf(rows, tokens));
  [0.01, 0.01, 0.015, 0.02, 0.035, 0.05, 0.08].forEach((wanted, i) => expect(seconds[i]).toBeCloseTo(wanted, 12));
});

test("one row is a rate; of equal rows the last counts; a falling end stays level; stages share the time", () => {
  expect(timeOf([[100, 10]], 250)).toBeCloseTo(0.025, 12);
  expect(
    timeOf(
      [
        [100, 10],
        [100, 30],
      ],
      50,
    ),
  ).toBeCloseTo(0.03, 12);
  expect(
    timeOf(
      [
        [100, 30],
        [200, 20],
      ],
      1000,
    ),
  ).toBeCloseTo(0.02, 12);
  expect(timeOf([[100, 10]], 250, 2)).toBeCloseTo(0.0125, 12);
});

test("decodes count one token each", () => {
  const model = tokenTable.create(
    {
      rows: [
        [1, 5],
        [101, 105],
      ],
    } as never,
    shard,
  );
  expect(model.iteration({ ...emptyShape, prefillTokens: 30, prefillRequests: 1, decodeRequests: 21, decodeContext: 9000 }, 0)).toBeCloseTo(
    0.055,
    12,
  );
});
