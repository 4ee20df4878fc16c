import { expect, test } from "vitest";
import { readMeasurements } from "./read.ts";
import { looksMeasured } from "./sniff.ts";
import { sampleText } from "./sample.ts";

test("the sample is a table that is read whole, with batches of every kind, and is the same every time", () => {
  const outcome = readMeasurements(sampleText());
  if (!outcome.ok) throw new Error(outcome.text);
  const { data, report } = outcome;
  expect(report).toMatchObject({ format: "aggregates", accepted: 640, refused: [] });
  const kinds = new Set(Array.from(data.P, (P, i) => `${P > 0} ${data.D[i]! > 0}`));
  expect(kinds).toEqual(new Set(["true true", "true false", "false true"]));
  expect(sampleText()).toBe(sampleText());
});

test("tables and logs of measured batches are told from traces by their beginning", () => {
  expect(looksMeasured(sampleText().slice(0, 500))).toBe(true);
  expect(looksMeasured("tokens,requests,past_tokens,time_ms\n1,1,0,3\n")).toBe(true);
  expect(
    looksMeasured(
      "INFO started\nIteration(4): 1 context requests, 100 context tokens, 0 generation requests, 0 generation tokens, iteration elapsed time: 9.5 ms\n",
    ),
  ).toBe(true);
  expect(looksMeasured("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,10,20\n")).toBe(false);
  expect(looksMeasured("arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,2\n")).toBe(false);
});
