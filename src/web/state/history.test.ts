import { describe, expect, test } from "vitest";
import { closeGesture, HISTORY_LIMIT, record, redo, startHistory, undo } from "./history.ts";

describe("history", () => {
  test("goes back and forth", () => {
    let history = record(record(startHistory(1), 2), 3);
    history = undo(undo(history));
    expect(history.present).toBe(1);
    expect(undo(history)).toBe(history);
    history = redo(history);
    expect([history.present, history.future]).toEqual([2, [3]]);
    expect(record(history, 9).future).toEqual([]);
  });
  test("makes one step of a gesture", () => {
    let history = startHistory(0);
    for (const value of [1, 2, 3]) history = record(history, value, "slider");
    expect(history.past).toEqual([0]);
    expect(undo(history).present).toBe(0);
    history = record(closeGesture(history), 4, "slider");
    expect(history.past).toEqual([0, 3]);
    history = record(history, 5, "other slider");
    expect(history.past).toEqual([0, 3, 4]);
  });
  test("does not record what changes nothing, and forgets the oldest", () => {
    const history = startHistory(1);
    expect(record(history, 1)).toBe(history);
    let long = startHistory(0);
    for (let i = 1; i <= HISTORY_LIMIT + 5; i++) long = record(long, i);
    expect(long.past.length).toBe(HISTORY_LIMIT);
    expect(long.past[0]).toBe(5);
  });
});
