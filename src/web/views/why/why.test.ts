import { describe, expect, test } from "vitest";
import type { RequestLog, RequestTimeline } from "../../../engine/metrics/results.ts";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { tinyPicture } from "../test-picture.ts";
import { whyFigure } from "./draw.ts";
import { piecesOf, selectWhy, usualOf, type Usual, type WhyInput, type WhyModel } from "./select.ts";

interface One {
  status?: number;
  output?: number;
  scheduled?: number;
  first?: number;
  end: number;
  preemptions?: number;
}

function logOf(...rows: One[]): RequestLog {
  const f = (pick: (row: One) => number): Float64Array => Float64Array.from(rows, pick);
  const i = (pick: (row: One) => number): Int32Array => Int32Array.from(rows, pick);
  return {
    length: rows.length,
    id: Int32Array.from(rows, (_, k) => 100 + k),
    tenant: new Uint16Array(rows.length),
    sloClass: new Uint8Array(rows.length),
    status: Uint8Array.from(rows, (row) => row.status ?? 0),
    met: new Uint8Array(rows.length),
    pool: new Int16Array(rows.length),
    replica: i((row) => (row.scheduled === undefined ? -1 : 0)),
    promptTokens: i(() => 2800),
    outputTokens: i((row) => row.output ?? 101),
    preemptions: Uint16Array.from(rows, (row) => row.preemptions ?? 0),
    cachedTokens: i(() => 0),
    predictedTokens: i(() => 0),
    arrivedAt: f(() => 20),
    scheduledAt: f((row) => row.scheduled ?? NaN),
    firstTokenAt: f((row) => row.first ?? NaN),
    finishedAt: f((row) => row.end),
  };
}

const usual: Usual = { wait: 0.053, prefill: 0.2, tpot: 0.04 };
const slo = { name: "interactive", ttft: 2, tpot: 0.08, e2e: null };
const base: Omit<WhyInput, "log"> = { row: 0, slo, tenant: "coder", picture: tinyPicture(), timeline: null, usual };
const why = (row: One, part: Partial<WhyInput> = {}): WhyModel => selectWhy({ ...base, log: logOf(row), ...part });
const said = (model: WhyModel): string =>
  model.sentence
    .map((part) => part.text)
    .join("")
    .replace(/\u00a0/g, " ");

const timeline: RequestTimeline = {
  id: 100,
  events: [
    { at: 20, kind: "arrived", replica: -1 },
    { at: 20.002, kind: "routed", replica: 0 },
    { at: 24.58, kind: "scheduled", replica: 0 },
    { at: 24.78, since: 24.58, kind: "chunk", replica: 0, tokens: 2048, sharedWith: 90 },
    { at: 24.98, since: 24.78, kind: "chunk", replica: 0, tokens: 752, sharedWith: 88 },
    { at: 24.98, kind: "first-token", replica: 0 },
    { at: 31, kind: "finished", replica: 0 },
  ],
  choice: null,
  cachedTokens: 0,
  replica: { index: 0, at: Float64Array.of(20, 25, 30), running: Float64Array.of(8, 8, 6), waiting: Float64Array.of(19, 5, 0) },
};
const late: One = { scheduled: 24.58, first: 24.98, end: 31 };

describe("the sentence", () => {
  test("waiting behind a full batch", () => {
    const model = why(late, { timeline });
    expect(model.title).toBe("Why was request 100 late?");
    expect(model.facts).toBe("coder, 2,800 in, 101 out");
    expect(said(model)).toBe(
      "First token after 4.98 s, 2.98 s past its deadline. It waited 4.58 s behind 19 requests on c1, whose batch was full at 8; then its prefill of 2,800 tokens took 0.40 s in 2 chunks shared with 90 decodes.",
    );
    expect(model.due).toMatchObject({ at: 2, label: "first token due", text: "2.98\u00a0s late" });
  });
  test("a long prefill alone", () => {
    expect(said(why({ scheduled: 20.01, first: 23, end: 30 }))).toBe(
      "First token after 3.00 s, 1.00 s past its deadline. Its prefill of 2,800 tokens took 2.99 s (usual 0.20 s).",
    );
  });
  test("a full KV cache is the reason when the batch is not", () => {
    const picture = tinyPicture();
    const full = { ...picture, fleet: { ...picture.fleet, pools: picture.fleet.pools.map((pool) => ({ ...pool, batchCap: 64 })) } };
    const model = selectWhy({ ...base, picture: full, log: logOf({ scheduled: 31, first: 31.2, end: 35 }) });
    expect(said(model)).toContain("whose KV cache was 100 % full");
  });
  test("slow tokens", () => {
    const text = said(why({ scheduled: 20.1, first: 20.5, end: 30.5 }));
    expect(text).toContain("One token every 100 ms on average, 20 ms over the limit of 80 ms.");
    expect(text).toContain("the usual time per token in this run is 40 ms");
  });
  test("both limits, and a preemption", () => {
    const text = said(why({ scheduled: 23, first: 23.2, end: 43.2, preemptions: 2 }));
    expect(text).toContain("It was preempted 2 times and computed its tokens again.");
    expect(text).toContain("Each token then took 200 ms, also over its limit.");
  });
  test("end to end", () => {
    const model = why({ scheduled: 20.1, first: 20.5, end: 26 }, { slo: { ...slo, e2e: 5 } });
    expect(said(model)).toBe("Last token after 6.00 s, 1.00 s past its deadline. Most of it was decode: 101 tokens at 55 ms.");
  });
  test("a request that met its SLOs says so", () => {
    const model = why({ scheduled: 20.1, first: 20.5, end: 24.5 });
    expect(model.title).toBe("Request 100 met its SLOs");
    expect(said(model)).toBe(
      "First token after 0.50 s of 2 s allowed, then 40 ms per token of 80 ms. It waited 0.10 s, usual 53 ms, and its last token came 4.50 s after it arrived.",
    );
  });
  test("refused and failed", () => {
    expect(why({ status: 1, end: 20.2 }).title).toBe("Why was request 100 refused?");
    expect(said(why({ status: 1, end: 20.2 }))).toBe(
      "It was refused at 00:20.2, 0.20 s after it arrived. Admission or the router did not take it, and it counts as late.",
    );
    expect(why({ status: 2, output: 0, end: 20 }).title).toBe("Why did request 100 fail?");
  });
});

describe("phases", () => {
  test("cover the whole life without gaps", () => {
    const pieces = piecesOf(logOf(late), 0, timeline);
    const all = [...pieces.router, ...pieces.waiting, ...pieces.prefill, ...pieces.decode];
    expect(all[0]?.[0]).toBe(0);
    for (let k = 1; k < all.length; k++) expect(all[k]?.[0]).toBeCloseTo(all[k - 1]![1], 9);
    expect(all[all.length - 1]?.[1]).toBeCloseTo(11, 9);
  });
  test("a preemption goes back to waiting and computes again", () => {
    const events: RequestTimeline["events"] = [
      ...timeline.events.slice(0, 6),
      { at: 26, kind: "preempted", replica: 0 },
      { at: 27, kind: "scheduled", replica: 0 },
      { at: 28, since: 27, kind: "chunk", replica: 0, tokens: 2900 },
      { at: 31, kind: "finished", replica: 0 },
    ];
    const pieces = piecesOf(logOf(late), 0, { ...timeline, events });
    const round = (list: readonly (readonly [number, number])[]) => list.map((piece) => piece.map((v) => Math.round(v * 1000) / 1000));
    expect(round(pieces.waiting)).toEqual([
      [0.002, 4.58],
      [6, 7],
    ]);
    expect(round(pieces.prefill)).toEqual([
      [4.58, 4.98],
      [7, 8],
    ]);
    expect(round(pieces.decode)).toEqual([
      [4.98, 6],
      [8, 11],
    ]);
    expect(pieces.preempted).toEqual([6]);
  });
  test("usual is the median of completed requests", () => {
    const log = logOf(
      { scheduled: 21, first: 22, end: 32 },
      { scheduled: 23, first: 26, end: 46 },
      { scheduled: 25, first: 30, end: 40 },
      { status: 1, end: 20 },
    );
    expect(usualOf(log)).toEqual({ wait: 3, prefill: 3, tpot: 0.1 });
    expect(usualOf(logOf({ status: 1, end: 20 })).wait).toBeNaN();
  });
});

test("figure", () => {
  const figure = whyFigure(why(late, { timeline }), 392);
  const { surface, text } = recordingSurface();
  figure.draw(surface);
  expect(`${text()}\n${figure.texts.map((t) => t.text.replace(/\u00a0/g, " ")).join("\n")}`).toMatchSnapshot();
});
