import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { makePalette } from "../../ui/chart/palette.ts";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { toCsv } from "../../ui/chart/table-data.ts";
import type { Limits } from "../moment.ts";
import { tinyPicture } from "../test-picture.ts";
import { decisionAt, drawTracks, trackTexts } from "./draw.ts";
import { isFolded, layoutTracks, moveTrack, panned, stretchFor, zoomed } from "./layout.ts";
import { HeatCode, type TrackModel } from "./model.ts";
import { eventNotes } from "./fleet-tracks.ts";
import { selectHeat } from "./heat.ts";
import { selectTracks, timeSpan, tracksTable } from "./select.ts";
import { logTicks, niceStep, ticksFromZero, timeTicks } from "./ticks.ts";

const picture = tinyPicture();
const limits: Limits = { ttft: { value: 2, className: null }, tpot: { value: 0.08, className: "fast" }, e2e: null };
const options = { limits, tenants: ["assistant", "coder"], selectedTenant: null, selectedReplica: null, poolsApart: false };
const tracks = selectTracks(picture, null, options);
const track = (id: string): TrackModel => tracks.find((one) => one.id === id)!;
const said = (id: string, time: number): string[] =>
  track(id)
    .labelsAt(time)
    .map((label) => `${label.label} ${label.value}`.replace(/\u00a0/g, " "));
const colors = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((i) => [`ramp-${i}`, `rgb(${i * 40},0,0)`]));

describe("ticks", () => {
  test("time on the clock", () => {
    expect(timeTicks(0, 1800, 572)).toEqual([0, 300, 600, 900, 1200, 1500, 1800]);
    expect(timeTicks(590, 620, 572)).toEqual([590, 595, 600, 605, 610, 615, 620]);
  });
  test("round steps", () => {
    expect(niceStep(56, 2)).toBe(25);
    expect(niceStep(14, 2, true)).toBe(6);
    expect(ticksFromZero(113, 40, true)).toEqual([0, 50, 100]);
    expect(logTicks(0.08, 40)).toEqual([0.1, 1, 10]);
    expect(logTicks(0.25, 2.6)).toEqual([0.3, 1]);
  });
  test("never more than five, never outside", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e7, noNaN: true }), fc.integer({ min: 20, max: 120 }), (top, height) => {
        const ticks = ticksFromZero(top, height);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(Math.max(...ticks)).toBeLessThanOrEqual(top * (1 + 1e-6));
      }),
    );
  });
});

describe("tracks from a run", () => {
  test("rates per second; the unfinished bucket is left out", () => {
    expect(said("traffic", 25)).toEqual(["completed 2.00", "arriving 3.00"]);
    expect(track("traffic").columns[0]?.raw(5)).toBeNaN();
  });
  test("the live edge speaks with the last finished bucket", () => {
    expect(said("traffic", 55)).toEqual(["completed 2.00", "arriving 1.00"]);
  });
  test("replicas by state, cost, queue with what the router holds", () => {
    expect(said("replicas", 25)).toEqual(["starting 1", "ready 1"]);
    expect(said("replicas", 45)).toEqual(["ready 1", "failed 1"]);
    expect(said("cost", 15)).toEqual(["rate $20.00"]);
    expect(said("waiting", 35)).toEqual(["waiting 15"]);
  });
  test("replicas of each pool apart, with their decisions; those that are leaving are part of the ready ones", () => {
    const [pool] = picture.fleet.pools as [(typeof picture.fleet.pools)[number]];
    const leaves = { ...pool, ready: Uint16Array.of(1, 1, 1, 2, 2, 1), leaving: Uint16Array.of(0, 0, 0, 0, 1, 0) };
    const scaled = {
      ...picture,
      fleet: { ...picture.fleet, pools: [leaves, { ...pool, name: "a pool with a long name" }] },
      decisions: [8, 33, 35].map((at, i) => ({
        at,
        pool: i === 1 ? 1 : 0,
        ready: 1,
        starting: 0,
        draining: 0,
        leaving: 0,
        answered: i === 2 ? -1 : 1,
        ordered: i === 1 ? 0 : i === 2 ? -1 : 1,
        because: [],
      })),
    };
    const apart = selectTracks(scaled, null, { ...options, poolsApart: true }).filter((one) => one.id.startsWith("replicas"));
    expect(apart.map((one) => [one.id, one.title])).toEqual([
      ["replicas", "Replicas, chat"],
      ["replicas-2", "Replicas, a pool with\u2026"],
    ]);
    expect(apart.map((one) => one.decisions)).toEqual([
      [
        { at: 8, decision: 0, up: true, ordered: true },
        { at: 35, decision: 2, up: false, ordered: true },
      ],
      [{ at: 33, decision: 1, up: true, ordered: false }],
    ]);
    expect(apart[0]?.labelsAt(45).map((one) => `${one.label} ${one.value}`)).toEqual(["leaving 1", "ready 2", "failed 1"]);

    const layout = layoutTracks(apart, { width: 400, phone: false, domain: [0, 80], order: [], folded: [], heights: {} });
    const first = layout.tracks[0]!;
    const at = (time: number, y = first.plotTop + 10) => decisionAt(layout, layout.x(time) + 3, y)?.decision;
    expect([at(8), at(35), at(20), at(33, layout.tracks[1]!.plotTop + 10)]).toEqual([0, 2, undefined, 1]);
    const { surface, text } = recordingSurface();
    drawTracks(surface, layout, makePalette(colors).ramp);
    // Up, down, and hollow where the limits left nothing.
    expect([...text().matchAll(/<path d="M[^"]*Z" fill="(ink|paper)"/g)].map((match) => match[1])).toEqual(["ink", "ink", "paper"]);
  });
  test("KV share is the mean over ready replicas", () => {
    expect(said("kv", 30)).toEqual(["used 60 %"]);
    expect(said("kv", 45)).toEqual(["used 50 %"]);
  });
  test("quantiles above the limit are named in its colour", () => {
    const labels = track("ttft").labelsAt(35);
    expect(labels.map((one) => [one.label, one.color])).toEqual([
      ["P99", "vermillion-text"],
      ["P90", "vermillion-text"],
      ["P50", "blue-text"],
    ]);
    expect(track("tpot").limit?.text).toBe("SLO 80\u00a0ms, fast");
  });
  test("tenants beyond four are summed", () => {
    const many = {
      ...picture,
      series: { ...picture.series, tenantTokens: [1, 2, 3, 4, 5, 6].map((k) => new Float64Array(6).fill(k * 1000)) },
    };
    const model = selectTracks(many, null, { ...options, tenants: ["a", "b", "c", "d", "e", "f"] }).find((one) => one.id === "tenants")!;
    expect(model.labelsAt(15).map((one) => `${one.label} ${one.value}`)).toEqual(["d 0.400", "e 0.500", "f 0.600", "3 others 0.600"]);
  });
  test("events of the same kind and second are one note", () => {
    const at = (replica: number, time: number) => ({ at: time, replica, state: 3 as const, reason: "fault" as const });
    expect(eventNotes({ ...picture, events: [at(0, 38), at(1, 38.4), at(2, 38.9), at(0, 70)] }).map((note) => note.text)).toEqual([
      "c1 and 2 more fail 00:38",
      "c1 fails 01:10",
    ]);
  });
  test("heat rows: states as codes, load as running and waiting", () => {
    const heat = selectHeat(picture);
    expect(Array.from(heat.code.subarray(6))).toEqual([
      HeatCode.none,
      HeatCode.starting,
      HeatCode.starting,
      HeatCode.load,
      HeatCode.failed,
      HeatCode.failed,
    ]);
    expect(Array.from(heat.load.subarray(0, 6))).toEqual([1, 5, 11, 20, 6, 2]);
  });
  test("the selected replica has a track of its own, folded until it is opened", () => {
    const own = selectTracks(picture, null, { ...options, selectedReplica: 1 }).find((one) => one.id === "replica")!;
    expect(own.labelsAt(30).map((one) => `${one.label} ${one.value}`.replace(/\u00a0/g, " "))).toEqual(["waiting 0", "batch 4", "KV 20 %"]);
    expect(own.labelsAt(45)[0]?.label).toBe("not serving");
    expect([own.columns[0]?.raw(0), own.columns[0]?.raw(3)]).toEqual([NaN, 4]);
    expect([isFolded("replica", [], false), isFolded("replica", ["replica"], false)]).toEqual([true, false]);
  });
  test("table and span", () => {
    expect(
      toCsv(tracksTable(picture, [track("traffic")], "Traffic"))
        .split("\n")
        .slice(0, 2),
    ).toEqual(["Time (s),Arriving (req/s),Completed (req/s),Refused (req/s)", "0,1,0,0"]);
    expect(timeSpan(picture, null)).toBe(80);
    expect(timeSpan(picture, { ...picture, progress: { ...picture.progress, simEnd: 100 } })).toBe(100);
  });
});

describe("layout", () => {
  const base = { width: 800, phone: false, domain: [0, 80] as const, order: [], folded: [], heights: {} };
  test("values stay inside their plot, on log axes too", () => {
    for (const placed of layoutTracks(tracks, base).tracks)
      for (const value of [-5, 0, placed.track.domain[0], placed.track.domain[1], 1e9]) {
        expect(placed.y(value)).toBeGreaterThanOrEqual(placed.plotTop - 1e-6);
        expect(placed.y(value)).toBeLessThanOrEqual(placed.plotTop + placed.plotHeight + 1e-6);
      }
  });
  test("fold, order, phone", () => {
    const natural = layoutTracks(tracks, base);
    expect(layoutTracks(tracks, { ...base, folded: ["load"] }).height).toBeLessThan(natural.height);
    expect(moveTrack(tracks, [], "cost", -2)[0]).toBe("cost");
    expect(layoutTracks(tracks, { ...base, order: ["kv"] }).tracks[0]?.track.id).toBe("kv");
    expect([isFolded("cost", [], true), isFolded("cost", ["cost"], true), isFolded("cost", [], false)]).toEqual([true, false, false]);
  });
  test("a tall window gives taller tracks, up to a third more; a set height stays", () => {
    expect([stretchFor(600, 400), stretchFor(615, 735), stretchFor(600, 4000)]).toEqual([1, 1.2, 1.35]);
    const tall = layoutTracks(tracks, { ...base, stretch: 1.2, heights: { cost: 30 } }).tracks;
    expect(tall.map((placed) => [placed.track.id, placed.plotHeight]).slice(0, 3)).toEqual([
      ["traffic", 67],
      ["replicas", 53],
      ["cost", 30],
    ]);
  });
  test("zoom keeps the time under the pointer, and ends at the whole", () => {
    expect(zoomed([0, 100], 100, 25, 0.5, 1)).toEqual([12.5, 62.5]);
    expect(zoomed([10, 60], 100, 35, 4, 1)).toBeNull();
    expect(panned([20, 40], 100, 90)).toEqual([80, 100]);
  });
});

describe("figures", () => {
  const draw = (id: string): string => {
    const layout = layoutTracks([track(id)], { width: 400, phone: false, domain: [0, 80], order: [], folded: [], heights: {} });
    const { surface, text } = recordingSurface();
    drawTracks(surface, layout, makePalette(colors).ramp);
    const texts = trackTexts(layout, { titles: true, live: 55 }).map(
      (t) => `${t.text.replace(/\u00a0/g, " ")} @ ${t.x.toFixed(0)},${t.y.toFixed(0)}`,
    );
    return `${text()}\n${texts.join("\n")}`;
  };
  test.each(["traffic", "replicas", "load", "ttft"])("%s", (id) => expect(draw(id)).toMatchSnapshot());
});
