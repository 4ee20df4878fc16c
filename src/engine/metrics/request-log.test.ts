import { expect, test } from "vitest";
import { LOG_CHUNK, RequestLogWriter } from "./request-log.ts";

test("slices across chunks, and copies", () => {
  const log = new RequestLogWriter(true);
  for (let id = 0; id < LOG_CHUNK + 10; id++) {
    const row = log.next();
    log.current.id[row] = id;
    log.current.finishedAt[row] = id / 2;
  }
  expect(log.length).toBe(LOG_CHUNK + 10);
  const part = log.slice(LOG_CHUNK - 2, LOG_CHUNK + 3);
  expect(part.length).toBe(5);
  expect([...part.id]).toEqual([-2, -1, 0, 1, 2].map((i) => LOG_CHUNK + i));
  expect([...part.finishedAt]).toEqual([...part.id].map((id) => id / 2));
  part.id[0] = -1;
  expect(log.slice(LOG_CHUNK - 2, LOG_CHUNK - 1).id[0]).toBe(LOG_CHUNK - 2);
  expect(log.slice(5, 5).length).toBe(0);
  expect(log.slice().id.at(-1)).toBe(LOG_CHUNK + 9);
});

test("one that keeps nothing has one small chunk, and no rows", () => {
  const log = new RequestLogWriter(false);
  const rows = Array.from({ length: 3 * log.chunkRows }, () => log.next());
  expect(Math.max(...rows)).toBe(log.chunkRows - 1);
  expect([log.length, log.chunks.length, log.slice().length]).toEqual([0, 0, 0]);
});
