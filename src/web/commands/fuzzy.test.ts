import { describe, expect, test } from "vitest";
import { fuzzyFilter, fuzzyScore } from "./fuzzy.ts";

describe("fuzzy", () => {
  test("wants every letter in order", () => {
    expect(fuzzyScore("Pin this run", "ptr")).not.toBeNull();
    expect(fuzzyScore("Pin this run", "rp")).toBeNull();
  });
  test("puts beginnings of words and whole words first", () => {
    const list = ["Step one event", "Export this scenario", "Share a link"];
    expect(fuzzyFilter(list, "sh", (text) => [text])[0]).toBe("Share a link");
    expect(fuzzyFilter(list, "exp", (text) => [text])).toEqual(["Export this scenario"]);
    expect(fuzzyFilter(list, " ", (text) => [text])).toEqual(list);
  });
});
