import { expect, test } from "vitest";
import { inOneBuffer } from "./one-buffer.ts";

test("typed arrays become views of one buffer, at places their elements may have; the rest stays the same", () => {
  const shared = Float64Array.of(1.5, NaN, -0);
  const whole = Uint8Array.of(9, 1, 2, 3, 9);
  const events = [{ at: 1 }, { at: 2 }];
  const message = {
    name: "picture",
    none: null,
    events,
    bytes: whole.subarray(1, 4),
    pools: [
      { name: "a", ready: Uint16Array.of(1, 2, 3), times: shared },
      { name: "b", ready: new Uint16Array(0), times: shared },
    ],
    busy: Float32Array.of(0.5),
    signed: Int16Array.of(-1),
  };
  const { message: packed, buffer } = inOneBuffer(message);
  expect(packed).toEqual(message);
  expect(packed.events).toBe(events);
  const views = [packed.bytes, packed.busy, packed.signed, ...packed.pools.flatMap(({ ready, times }) => [ready, times])];
  for (const view of views) expect(view.buffer).toBe(buffer);
  // 3 + 6 + 24 + 0 + 4 + 2 bytes, each rounded up to 8.
  expect(buffer.byteLength).toBe(8 + 8 + 24 + 0 + 8 + 8);
  const clone = structuredClone(packed, { transfer: [buffer] });
  expect(clone).toEqual(message);
  expect(new Set([clone.bytes.buffer, clone.busy.buffer, clone.pools[1]!.times.buffer]).size).toBe(1);
  // Whoever made the message still has its columns.
  expect(shared.length).toBe(3);
});

test("a message without columns is the same one", () => {
  const message = { text: "a", list: [1, 2] };
  const { message: packed, buffer } = inOneBuffer(message);
  expect(packed).toBe(message);
  expect(buffer.byteLength).toBe(0);
});
