import { describe, expect, test } from "vitest";
import { figureSvg, stackFigures, type Figure } from "./figure.ts";
import { makePalette, rampTable } from "./palette.ts";
import { fillArea, strokeLine, thin } from "./strokes.ts";
import { SvgPaint } from "./svg-paint.ts";
import { csvField, toCsv } from "./table-data.ts";

const palette = makePalette({ paper: "#fff", ink: "#000", blue: "#00f" });
const figure: Figure = {
  width: 100,
  height: 40,
  draw({ paint, color }) {
    paint.save();
    paint.beginPath();
    paint.rect(0, 0, 50, 40);
    paint.clip();
    paint.fillStyle = color("blue");
    paint.fillRect(10, 10, 20, 20);
    paint.restore();
    strokeLine(paint, { x: [0, 10, 20, 30], y: [5, NaN, 6, 7], length: 4 }, { color: color("ink"), width: 1 });
  },
  texts: [{ x: 5, y: 12, text: "a < b & c", color: "ink" }],
};

describe("exported figures", () => {
  test("clips close, text is escaped, colours are resolved", () => {
    const svg = figureSvg(figure, palette, "Title");
    expect(svg.match(/<g[ >]/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
    expect(svg).toContain("a &lt; b &amp; c");
    expect(svg).toContain('fill="#00f"');
    expect(svg).toContain("<title>Title</title>");
    expect(svg).toContain("M20 6L30 7M0 5L1 5");
  });
  test("a level stretch of a line is one segment", () => {
    const paint = new SvgPaint();
    strokeLine(paint, { x: [0, 1, 2, 3, 4, 5, 6], y: [5, 5, 5, 5, 7, NaN, 7], length: 7 }, { color: "#000", width: 1.4 });
    expect(paint.parts[0]).toContain("M0 5L3 5L4 7M6 7L7 7");
    strokeLine(paint, { x: [0, 1, 2, 3], y: [5, 5, 5, 9], length: 4 }, { color: "#000", width: 1.4 }, "step");
    expect(paint.parts[1]).toContain("M0 5L2 5L2 5L3 5L3 9");
  });
  test("stacked figures move drawing and texts alike", () => {
    const svg = figureSvg(stackFigures([figure, figure], 10), palette, "Two");
    expect(svg).toContain('y="60"');
    expect(svg).toContain('y="62.0"');
  });
  test("a raster becomes runs of equal pixels", () => {
    const paint = new SvgPaint();
    paint.image({ columns: 3, rows: 1, pixels: Uint32Array.of(0xff0000ff, 0xff0000ff, 0) }, 0, 0, 30, 5);
    expect(paint.parts).toEqual(['<rect x="0" y="0" width="20.05" height="5" fill="#ff0000"/>']);
  });
});

describe("lines", () => {
  test("thinning keeps every spike", () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => i / 100);
    const y = Float64Array.from({ length: 10_000 }, (_, i) => (i === 5555 ? 99 : i === 7777 ? -99 : i % 3));
    const few = thin({ x, y, length: 10_000 });
    expect(few.length).toBeLessThan(450);
    expect(Math.max(...Array.from(few.y))).toBe(99);
    expect(Math.min(...Array.from(few.y))).toBe(-99);
  });
  test("an area is broken where values are missing", () => {
    const paint = new SvgPaint();
    fillArea(paint, [0, 1, 2, 3, 4], [9, 9, 9, 9, 9], [1, 1, NaN, 2, 2], 5, "red");
    expect(paint.parts[0]).toContain("M0 1L1 1L1 9L0 9ZM3 2L4 2L4 9L3 9Z");
  });
});

describe("tables", () => {
  test("CSV quotes what needs it and leaves out what is no number", () => {
    expect([csvField('a "b", c'), csvField(NaN), csvField(null), csvField(0.1)]).toEqual(['"a ""b"", c"', "", "", "0.1"]);
    const table = { title: "t", length: 1, columns: [{ label: "Load", unit: "req/s", raw: () => 1.5, show: () => "1.50" }] };
    expect(toCsv(table)).toBe("Load (req/s)\n1.5\n");
  });
  test("the ramp begins and ends with its stops", () => {
    const table = rampTable(["#000000", "#ff0000", "#ffffff"]);
    expect([table[0], table[255]]).toEqual([0xff000000, 0xffffffff]);
  });
});
