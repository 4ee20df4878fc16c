import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeTurn } from "./turns.ts";

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
