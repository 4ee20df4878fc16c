import { describe, expect, test } from "vitest";
import { readForms } from "./forms.ts";

describe("questions from links", () => {
  test("nothing gives the usual, and a form comes back as it was", () => {
    const usual = readForms(null);
    expect(usual.tab).toBe("sweep");
    const set = {
      tab: "cheapest",
      cheapest: { ...usual.cheapest, gpus: ["l4", "h100-sxm"], tensorParallel: [1, 2], share: 0.99, from: 2, to: 9 },
      goodput: { share: 0.99, confidence: 0.9, seeds: 7 },
      comparison: { others: ["preset:one-gpu-queue"], metrics: ["e2e.p99"], seeds: 20, difference: 0.1 },
    };
    expect(readForms(JSON.parse(JSON.stringify(set)))).toEqual(set);
  });
  test("what does not fit is the usual, the rest stays", () => {
    const usual = readForms(null);
    const read = readForms({
      tab: "casino",
      cheapest: { gpus: "all", from: 8, to: 2, share: 7, seeds: 1.5 },
      goodput: [],
      comparison: { metrics: ["joy", "slo"], seeds: 1e9 },
    });
    expect(read).toEqual({
      ...usual,
      cheapest: { ...usual.cheapest, from: 8, to: 8 },
      comparison: { ...usual.comparison, metrics: ["slo"] },
    });
  });
});
