import { describe, expect, test } from "vitest";
import { createRequestColumns } from "./request-columns.ts";

describe("request columns", () => {
  test("grow and keep what they have", () => {
    const log = createRequestColumns(2);
    const chunk = (from: number, length: number) => {
      const part = createRequestColumns(length);
      part.append({ ...part, length: 0 } as never);
      const ids = Int32Array.from({ length }, (_, i) => from + i);
      const times = Float64Array.from(ids, (id) => id / 2);
      return new Proxy(part, {
        get: (target, key) => (key === "length" ? length : key === "id" ? ids : key === "arrivedAt" ? times : Reflect.get(target, key)),
      });
    };
    log.append(chunk(0, 3));
    log.append(chunk(3, 4));
    expect(log.length).toBe(7);
    expect([...log.id.subarray(0, log.length)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(log.arrivedAt[6]).toBe(3);
    log.reserve(1000);
    expect(log.id.length).toBe(1000);
    expect(log.arrivedAt[6]).toBe(3);
    log.clear();
    expect(log.length).toBe(0);
  });
});
