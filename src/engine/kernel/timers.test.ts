import fc from "fast-check";
import { expect, test } from "vitest";
import { Timers } from "./timers.ts";

test("go off by time, then kind, then the order in which they were set", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 80 }), fc.nat(40), (list, early) => {
      const timers = new Timers();
      const waiting: { time: number; kind: number; datum: number }[] = [];
      const pop = (): void => {
        waiting.sort((a, b) => a.time - b.time || a.kind - b.kind || a.datum - b.datum);
        const first = waiting.shift()!;
        expect([timers.topTime, timers.topKind(), timers.topDatum()]).toEqual([first.time, first.kind, first.datum]);
        timers.pop();
      };
      list.forEach(([time, kind], datum) => {
        timers.add(time, kind, datum);
        waiting.push({ time, kind, datum });
        if (datum === early) pop();
      });
      while (waiting.length > 0) pop();
      expect([timers.length, timers.topTime]).toEqual([0, Infinity]);
    }),
  );
});
