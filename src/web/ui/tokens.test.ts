import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** Colours of one theme: the dark one takes what it does not name from the light one. */
function theme(name: "light" | "dark"): (token: string) => string {
  const blocks = [...css.matchAll(/([^{}]+)\{([^}]*)\}/g)].map(([, selector = "", body = ""]) => ({ selector, body }));
  const values = new Map<string, string>();
  for (const { selector, body } of blocks) {
    if (!selector.includes(":root") && !selector.includes(`"${name}"`)) continue;
    for (const [, token = "", value = ""] of body.matchAll(/--([\w-]+):\s*([^;]+);/g)) values.set(token, value.trim());
  }
  const resolve = (token: string): string => {
    const value = values.get(token);
    if (value === undefined) throw new Error(`No token --${token}`);
    const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    return other === undefined ? value : resolve(other);
  };
  return resolve;
}

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const TEXT = 4.5;
const MARK = 3;

describe.each(["light", "dark"] as const)("contrast, %s", (name) => {
  const color = theme(name);
  const worst = (token: string, over: readonly string[]): number =>
    Math.min(...over.map((ground) => contrast(color(token), color(ground))));

  test("the formula gives the known extremes", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
  test.each(["ink", "ink-2", "ink-3"])("--%s is readable on paper, rail and inset", (token) => {
    expect(worst(token, ["paper", "rail", "inset"])).toBeGreaterThanOrEqual(TEXT);
  });
  test.each(["blue-text", "vermillion-text", "green-text", "purple-text", "orange-text", "sky-text"])(
    "--%s is readable on paper and rail",
    (token) => {
      expect(worst(token, ["paper", "rail"])).toBeGreaterThanOrEqual(TEXT);
    },
  );
  test.each([
    "ghost",
    "line-strong",
    "focus",
    "blue",
    "vermillion",
    "green",
    "purple",
    "orange",
    "sky",
    "yellow",
    "slo-ok",
    "slo-miss",
    "starting",
    "draining",
    "failed",
    "prefill",
    "decode",
    "waiting-edge",
  ])("--%s is seen on paper and rail", (token) => {
    expect(worst(token, ["paper", "rail"])).toBeGreaterThanOrEqual(MARK);
  });
  test("text on ink, and ink on raised", () => {
    expect(contrast(color("on-ink"), color("ink"))).toBeGreaterThanOrEqual(TEXT);
    expect(worst("ink-3", ["raised"])).toBeGreaterThanOrEqual(TEXT);
    expect(worst("line-strong", ["raised"])).toBeGreaterThanOrEqual(MARK);
  });
  test("more load has more contrast with the page", () => {
    const steps = [0, 1, 2, 3, 4, 5, 6].map((i) => contrast(color(`ramp-${i}`), color("paper")));
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });
});
