import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { afterTurns, takeTurn } from "./turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("pieces are done in order, each in a task of its own", () => {
  const done: string[] = [];
  takeTurn(() => done.push("a"));
  takeTurn(() => done.push("b"));
  expect(done).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(["a"]);
  vi.advanceTimersToNextTimer();
  expect(done).toEqual(["a", "b"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a turn that is given up is not done, and one may be taken during another", () => {
  const done: string[] = [];
  takeTurn(() => {
    done.push("a");
    takeTurn(() => done.push("c"));
  });
  takeTurn(() => done.push("b"))();
  vi.runAllTimers();
  expect(done).toEqual(["a", "c"]);
});

test("a piece that fails leaves the next ones their turns", () => {
  const done: string[] = [];
  takeTurn(() => {
    throw new Error("no");
  });
  takeTurn(() => done.push("b"));
  expect(() => vi.advanceTimersToNextTimer()).toThrow("no");
  vi.runAllTimers();
  expect(done).toEqual(["b"]);
});

test("after a piece with a frame of its own the next one waits until that is painted; where there are no frames, a tenth of a second", () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => frames.push(then));
  const done: string[] = [];
  takeTurn(() => done.push("a"), { ownFrame: true });
  takeTurn(() => done.push("b"), { ownFrame: true });
  vi.advanceTimersByTime(50);
  expect(done).toEqual(["a"]);
  frames.shift()!();
  expect(done).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["a", "b"]);
  // While b's frame is not over.
  takeTurn(() => done.push("c"));
  vi.advanceTimersByTime(98);
  expect(done).toEqual(["a", "b"]);
  vi.advanceTimersByTime(2);
  expect(done).toEqual(["a", "b", "c"]);
  frames.shift()!();
  vi.runAllTimers();
  expect(done).toEqual(["a", "b", "c"]);
  vi.unstubAllGlobals();
});

test("what is told after the turns is told after the frame that follows the last of them", async () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  const done: string[] = [];
  takeTurn(() => done.push("a"));
  void afterTurns().then(() => done.push("told"));
  await vi.advanceTimersByTimeAsync(40);
  expect(frames).toHaveLength(1);
  expect(done).toEqual(["a"]);
  frames.shift()!();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual(["a", "told"]);
  vi.unstubAllGlobals();
});
