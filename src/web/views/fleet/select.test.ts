import { describe, expect, test } from "vitest";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { makePalette } from "../../ui/chart/palette.ts";
import { toCsv } from "../../ui/chart/table-data.ts";
import { burstRun, tinyPicture } from "../test-picture.ts";
import { cellTexts, drawCells, drawStrip, stripTexts } from "./draw.ts";
import { columnAt, layoutCells, layoutStrip, neighbour } from "./layout.ts";
import { cellText, cellTip, fleetSummary, fleetTable, selectFleet, selectSpark } from "./select.ts";

const picture = tinyPicture();
const words = (texts: readonly { text: string }[]): string[] => texts.map((t) => t.text.replace(/\u00a0/g, " "));

describe("fleet at a moment", () => {
  test("a replica appears when it starts, with the time left", () => {
    const early = selectFleet(picture, 5, "id");
    expect(early.cells.map((c) => cellText(c))).toEqual(["c1, ready, KV 10 percent, batch 1 of 8, 0 waiting", "empty place"]);
    expect(early.groups[0]?.note.startsWith("1 ")).toBe(true);
    const starting = selectFleet(picture, 20, "id");
    expect(starting.counts).toEqual({ ready: 1, starting: 1, draining: 0, failed: 0 });
    expect(starting.cells[1]).toMatchObject({ name: "c2", left: 8, done: 0.6 });
    expect(cellText(starting.cells[1]!)).toBe("c2, starting, ready in 8 seconds");
  });
  test("places of a fleet that scales: taken again, kept while they are empty", () => {
    const { replicas, pools } = picture.fleet;
    const third = { ...replicas[1]!, name: "c3", from: 4, state: replicas[1]!.state.slice(0, 2) };
    const second = { ...replicas[1]!, state: Uint8Array.of(0, 1, 4) };
    const fleet = { ...picture.fleet, pools, replicas: [replicas[0]!, second, third] };
    const events = [...picture.events.slice(0, 3), { at: 30, replica: 1, state: 4 as const, reason: "drained" as const }];
    const names = (time: number) => selectFleet({ ...picture, fleet, events }, time, "id").cells.map(({ name }) => name);
    expect([names(5), names(20), names(35), names(45)]).toEqual([
      ["c1", ""],
      ["c1", "c2"],
      ["c1", ""],
      ["c1", "c3"],
    ]);
    expect(selectFleet({ ...picture, fleet, events }, 45, "id").byPlace).toBe(true);
  });
  test("failed since, and what is lost is not shown as load", () => {
    const moment = selectFleet(picture, 45, "id");
    expect(fleetSummary(moment)).toBe("1 ready, 1 failed");
    expect(cellText(moment.cells[1]!)).toBe("c2, failed since 00:38");
    expect(cellTip(moment.cells[1]!, moment.groups[0]!).rows.map(([label]) => label)).toEqual(["failed since", "pool"]);
  });
  test("the bracket says count, GPU and price", () => {
    expect(selectFleet(picture, 30, "id").groups[0]?.note).toBe("2 \u00d7 4 H100, $10.00/h each");
  });
  test("by load, the busiest first", () => {
    const run = burstRun({ now: 700 }).picture;
    const loads = selectFleet(run, 600, "load").groups[0]!.cells.map((c) => (c.decoding + c.prefilling + c.waiting) / c.cap);
    expect([...loads].sort((a, b) => b - a)).toEqual(loads);
  });
  test("the sparkline leaves out times at which the replica did not serve", () => {
    const spark = selectSpark(picture, 1, 3);
    expect([...spark.running].slice(-3)).toEqual([NaN, NaN, 4]);
  });
  test("table", () => {
    expect(toCsv(fleetTable(selectFleet(picture, 30, "id"))).split("\n")[1]).toBe("c1,chat,ready,100,100,100,6,2,8,12,100");
  });
});

describe("layout", () => {
  const many = (count: number) => {
    const moment = selectFleet(picture, 30, "id");
    const cells = Array.from({ length: count }, (_, i) => ({ ...moment.cells[0]!, replica: i, name: `c${i + 1}` }));
    return [{ ...moment.groups[0]!, cells }];
  };
  test("one line up to 16, rows of at least 62 px up to 64", () => {
    expect(layoutCells(many(13), 1136, false).style).toBe("full");
    const rows = layoutCells(many(64), 1136, false);
    expect(rows.style).toBe("compact");
    expect(Math.min(...rows.cells.map((c) => c.width))).toBeGreaterThanOrEqual(62);
    expect(Math.max(...rows.cells.map((c) => c.x + c.width))).toBeLessThanOrEqual(1136.001);
  });
  test("arrows find neighbours across lines", () => {
    const { cells } = layoutCells(many(40), 1136, false);
    const perLine = cells.filter((c) => c.y === cells[0]!.y).length;
    expect(neighbour(cells, 0, "ArrowDown")).toBe(perLine);
    expect(neighbour(cells, perLine + 2, "ArrowUp")).toBe(2);
    expect(neighbour(cells, 39, "ArrowDown")).toBe(39);
  });
  test("a pixel of the strip belongs to one replica", () => {
    const strip = layoutStrip(many(256), 1136, false);
    expect(columnAt(strip, strip.x[97]! + 0.5)).toBe(97);
    expect(columnAt(strip, 10)).toBe(-1);
  });
});

describe("figures", () => {
  test("cells: one serving, one starting", () => {
    const moment = selectFleet(picture, 20, "id");
    const layout = layoutCells(moment.groups, 400, false);
    const { surface, text } = recordingSurface();
    drawCells(surface, layout, (replica) => selectSpark(picture, replica, moment.sample), 0);
    expect(text()).toMatchSnapshot();
    expect(words(cellTexts(layout))).toEqual([
      "KV cache, %",
      "Batch of 8",
      "Waiting",
      "Last 2 min",
      "chat",
      "2 \u00d7 4 H100, $10.00/h each",
      "c1",
      "80",
      "8",
      "3",
      "c2",
      "in 8 s",
      "loading",
      "weights",
    ]);
  });
  test("strip: one serving, one failed", () => {
    const moment = selectFleet(picture, 45, "id");
    const layout = layoutStrip(moment.groups, 600, false);
    const { surface, text } = recordingSurface();
    const colors = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((i) => [`ramp-${i}`, `rgb(${i * 40},0,0)`]));
    drawStrip(surface, layout, moment, makePalette(colors).ramp, 1);
    expect(text()).toMatchSnapshot();
    expect(words(stripTexts(layout, moment))).toContain("1 of 2");
  });
});
