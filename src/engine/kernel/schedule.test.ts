import fc from "fast-check";
import { expect, test } from "vitest";
import { Schedule } from "./schedule.ts";

test("the top is always the smallest (time, key), under any changes", () => {
  const changes = fc.array(fc.tuple(fc.nat(40), fc.oneof(fc.nat(9), fc.constant(Infinity))), { maxLength: 300 });
  fc.assert(
    fc.property(changes, (list) => {
      const schedule = new Schedule();
      const model = new Map<number, number>();
      const set = (key: number, time: number): void => {
        schedule.times[key] = time;
        schedule.update(key);
      };
      for (const [key, time] of list) {
        schedule.reserve(key + 1);
        set(key, time);
        if (time === Infinity) model.delete(key);
        else model.set(key, time);
        const [top] = [...model].sort(([a, at], [b, bt]) => at - bt || a - b);
        expect(schedule.topTime).toBe(top?.[1] ?? Infinity);
        if (top !== undefined) expect(schedule.topKey).toBe(top[0]);
      }
      const sorted = [...model].sort(([a, at], [b, bt]) => at - bt || a - b).map(([key]) => key);
      const drained = sorted.map(() => {
        const key = schedule.topKey;
        set(key, Infinity);
        return key;
      });
      expect(drained).toEqual(sorted);
      expect(schedule.topTime).toBe(Infinity);
    }),
  );
});
