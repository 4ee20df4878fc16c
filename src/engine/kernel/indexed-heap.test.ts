import fc from "fast-check";
import { expect, test } from "vitest";
import { IndexedHeap } from "./indexed-heap.ts";

test("the top is always the smallest (time, key), under any moves", () => {
  const moves = fc.array(fc.tuple(fc.nat(40), fc.oneof(fc.nat(9), fc.constant(Infinity))), { maxLength: 300 });
  fc.assert(
    fc.property(moves, (list) => {
      const heap = new IndexedHeap();
      const model = new Map<number, number>();
      for (const [key, time] of list) {
        heap.reserve(key + 1);
        heap.next[key] = time;
        heap.move(key);
        if (time === Infinity) model.delete(key);
        else model.set(key, time);
        expect(heap.length).toBe(model.size);
        const [top] = [...model].sort(([a, at], [b, bt]) => at - bt || a - b);
        expect(heap.topTime()).toBe(top?.[1] ?? Infinity);
        if (top !== undefined) expect(heap.topKey()).toBe(top[0]);
      }
      const sorted = [...model].sort(([a, at], [b, bt]) => at - bt || a - b).map(([key]) => key);
      const drained = sorted.map(() => {
        const key = heap.topKey();
        heap.next[key] = Infinity;
        heap.move(key);
        return key;
      });
      expect(drained).toEqual(sorted);
      expect(heap.length).toBe(0);
    }),
  );
});
