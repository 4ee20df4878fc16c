import fc from "fast-check";
import { expect, test } from "vitest";
import { Deque } from "./deque.ts";

test("behaves like an array under any sequence of calls", () => {
  const calls = fc.array(fc.tuple(fc.constantFrom("back", "front", "shift", "remove", "clear"), fc.nat(999)), { maxLength: 200 });
  fc.assert(
    fc.property(calls, (list) => {
      const deque = new Deque();
      const model: number[] = [];
      for (const [call, value] of list) {
        if (call === "back") {
          deque.pushBack(value);
          model.push(value);
        } else if (call === "front") {
          deque.pushFront(value);
          model.unshift(value);
        } else if (call === "clear" && value < 50) {
          deque.clear();
          model.length = 0;
        } else if (model.length > 0 && call === "shift") {
          expect(deque.shift()).toBe(model.shift());
        } else if (model.length > 0 && call === "remove") {
          const place = value % model.length;
          expect(deque.indexOf(model[place]!)).toBe(model.indexOf(model[place]!));
          expect(deque.removeAt(place)).toBe(model.splice(place, 1)[0]);
        }
        expect(deque.length).toBe(model.length);
        expect(model.map((_, i) => deque.at(i))).toEqual(model);
      }
    }),
  );
});

test("says -1 for what it does not hold", () => {
  const deque = new Deque();
  deque.pushBack(3);
  deque.shift();
  expect(deque.indexOf(3)).toBe(-1);
});
