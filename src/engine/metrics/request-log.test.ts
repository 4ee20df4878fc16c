import { expect, test } from "vitest";
import { BATCH_ROWS, rows } from "./ended-rows.ts";
import { packInts, unpackInts } from "./packed-ints.ts";
import { BLOCK_ROWS, RequestLogWriter } from "./request-log.ts";

/** Written in batches of several sizes. */
function filled(length: number, keeps = true): RequestLogWriter {
  const log = new RequestLogWriter(keeps);
  for (let from = 0, batch = 1; from < length; from += batch) {
    batch = Math.min(length - from, BATCH_ROWS, (batch * 7) % 1009);
    for (let row = 0; row < batch; row++) {
      const id = from + row;
      rows.id[row] = id;
      rows.replica[row] = id % 7 === 0 ? -1 : id % 5;
      rows.tenant[row] = id % 3;
      rows.promptTokens[row] = id * 4099;
      rows.finishedAt[row] = id / 2;
    }
    log.add(batch);
  }
  return log;
}

test("slices across blocks, and copies", () => {
  const log = filled(2 * BLOCK_ROWS + 10);
  expect(log.length).toBe(2 * BLOCK_ROWS + 10);
  for (const [from, to] of [
    [BLOCK_ROWS - 2, BLOCK_ROWS + 3],
    [BLOCK_ROWS - 1, 2 * BLOCK_ROWS + 5],
    [0, log.length],
  ] as const) {
    const part = log.slice(from, to);
    const ids = Array.from({ length: to - from }, (_, i) => from + i);
    expect(part.length).toBe(ids.length);
    expect([...part.id]).toEqual(ids);
    expect([...part.replica]).toEqual(ids.map((id) => (id % 7 === 0 ? -1 : id % 5)));
    expect([...part.promptTokens]).toEqual(ids.map((id) => id * 4099));
    expect([...part.finishedAt]).toEqual(ids.map((id) => id / 2));
  }
  log.slice(BLOCK_ROWS - 2).finishedAt[0] = -1;
  expect(log.slice(BLOCK_ROWS - 2).finishedAt[0]).toBe((BLOCK_ROWS - 2) / 2);
  expect(log.slice(5, 5).length).toBe(0);
});

test("a slice is moved with its one buffer", () => {
  const part = filled(BLOCK_ROWS + 9).slice(3, BLOCK_ROWS + 8);
  const whole = structuredClone(part);
  const { buffer } = part.id;
  expect(buffer.byteLength).toBe(65 * part.length);
  const moved = structuredClone(part, { transfer: [buffer as ArrayBuffer] });
  expect(moved).toEqual(whole);
  expect(
    Object.values(part)
      .map((column) => (typeof column === "number" ? column : column.length))
      .slice(1),
  ).toEqual(Array(16).fill(0));
});

test("shows what latencies are worked out from, all rows once and in order", () => {
  const log = filled(BLOCK_ROWS + 3);
  const ends: number[] = [];
  const tenants: number[] = [];
  for (let from = 0, count = 0; (count = log.recall(from)) > 0; from += count) {
    ends.push(...rows.finishedAt.subarray(0, count));
    tenants.push(...rows.tenant.subarray(0, count));
  }
  const { finishedAt, tenant } = log.slice();
  expect(ends).toEqual([...finishedAt]);
  expect(tenants).toEqual([...tenant]);
});

test("one that keeps nothing has no rows", () => {
  const log = filled(3 * BLOCK_ROWS, false);
  expect([log.length, log.slice().length, log.recall(0)]).toEqual([0, 0, 0]);
});

test.each([
  [[5, 5, 5], 0],
  [[-1, 254, 3], 1],
  [[-1, 255, 3], 2],
  [[3, 250], 1],
  [[1000, 1003], 1],
  [[300, 65_000], 2],
  [[7, 7 + 65_535], 2],
  [[0, 65_536], 4],
  [[-(2 ** 31), 2 ** 31 - 1, 0], 4],
] as const)("packs %j in %d bytes each", (values, bytes) => {
  const packed = packInts(Int32Array.from(values), values.length);
  expect(packed.more?.BYTES_PER_ELEMENT ?? 0).toBe(bytes);
  const back = new Int32Array(values.length + 2).fill(9);
  unpackInts(packed, 0, values.length, back, 1);
  expect([...back]).toEqual([9, ...values, 9]);
  unpackInts(packed, 1, 2, back, 0);
  expect(back[0]).toBe(values[1]);
});
