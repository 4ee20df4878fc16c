// The figures that are shipped, what the screen makes of them, and a run opened as a scenario.
import { describe, expect, test } from "vitest";
import { simulateMeans } from "../../../analysis/benchmark-calibration.ts";
import { calibrated, fromSpecifications } from "../../../gallery/vllm-runs.ts";
import { scenarioOf, type ValidationSet } from "../../../analysis/validation.ts";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { toCsv } from "../../ui/chart/table-data.ts";
import { pointAt, scatterFigure, scatterScales, ticksOf } from "./draw.ts";
import { figures } from "./figures.ts";
import { CLASSES, JUDGED, errorCell, pointsOf, runsTable, setText, setsTable, targetText } from "./select.ts";

const setNamed = (id: RegExp): ValidationSet => figures.sets.find((set) => id.test(set.id))!;

describe("the figures", () => {
  test("every class has sets, every set its runs, the worst first", () => {
    for (const [kind] of CLASSES) expect(figures.sets.some((set) => set.kind === kind)).toBe(true);
    for (const set of figures.sets) {
      expect(set.shown.length).toBe(Math.min(60, set.runs));
      expect(set.worst).toBe(Math.min(5, set.runs));
      expect(Object.keys(figures.sources)).toContain(set.dataset);
      const far = set.shown.map((run) => Math.max(...JUDGED.map((of) => Math.abs(run.errors[of] ?? 0))));
      expect(far.slice(0, set.worst)).toEqual(far.slice(0, set.worst).toSorted((a, b) => b - a));
    }
  });

  test("medians are those of the runs, where all are shown", () => {
    for (const set of figures.sets.filter(({ runs, shown }) => runs === shown.length))
      for (const of of JUDGED) {
        const sizes = set.shown
          .flatMap((run) => (run.errors[of] === undefined ? [] : [Math.abs(run.errors[of])]))
          .toSorted((a, b) => a - b);
        if (sizes.length === 0) continue;
        const middle = (sizes.length - 1) / 2;
        expect(set.median[of]).toBeCloseTo((sizes[Math.floor(middle)]! + sizes[Math.ceil(middle)]!) / 2, 3);
      }
  });

  test("the gallery's cards rest on the same runs", () => {
    const of = (set: RegExp) =>
      figures.sets
        .filter(({ id }) => set.test(id))
        .flatMap(({ shown }) => shown)
        .map(({ name, setup, measured: { E2E, TTFT, TPOT } }) => ({ name, setup, measured: { E2E, TTFT, TPOT } }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(fromSpecifications).toEqual(of(/^blis-vllm-runs\/validation, specifications only/));
    expect(calibrated).toEqual(of(/^blis-vllm-runs, calibrated/));
  });

  test("what is calibrated says to what, and targets that were stated say why", () => {
    for (const { kind, fitted, cause, limits } of figures.sets) {
      if (kind === "calibrated") {
        expect(fitted).not.toBeNull();
        expect(cause).toBeNull();
        expect(limits.E2E).toBe(0.03);
      }
      if (kind === "offline") expect(cause).not.toBeNull();
    }
  });
});

describe("a run as a scenario", () => {
  test("the scenario gives what the suite found, but for the time outside the engine", () => {
    const run = setNamed(/validation, specifications only, h100/).shown.find(({ name }) => name.startsWith("16-llama"))!;
    const scenario = scenarioOf(run)!;
    const { tpot, e2e } = simulateMeans({ ...scenario, traffic: { ...scenario.traffic, maxRequests: 1500 } }, []);
    expect(tpot! / (run.measured.TPOT! * (1 + run.errors.TPOT!))).toBeCloseTo(1, 1);
    expect(e2e! / (run.measured.E2E! * (1 + run.errors.E2E!))).toBeCloseTo(1, 1);
  });

  test("fixed concurrency is a closed loop, and every run with a setup is a scenario", () => {
    expect(scenarioOf(setNamed(/fixed concurrency/).shown[0]!)!.traffic.source).toMatchObject({ arrivals: { id: "closed-loop" } });
    for (const set of figures.sets) for (const run of set.shown) expect(scenarioOf(run) === null).toBe(run.setup === undefined);
  });
});

describe("what the screen makes of them", () => {
  const set: ValidationSet = {
    id: "one",
    kind: "online",
    dataset: "data",
    about: "some runs",
    runs: 2,
    median: { TTFT: 0.2 },
    bias: { TTFT: -0.2 },
    limits: { TTFT: 0.15 },
    cause: "because",
    fitted: null,
    why: null,
    worst: 1,
    shown: [
      { name: "far", measured: { TTFT: 0.1 }, errors: { TTFT: -0.3 } },
      { name: "near", measured: { TTFT: 0.05 }, errors: { TTFT: 0.1 } },
    ],
  };

  test("a missed target is said, with the bias on asking", () => {
    const cell = errorCell(set, "TTFT");
    expect(cell).toMatchObject({ text: "20.0\u00a0%", missed: true });
    expect(cell.hint).toMatch(/at most 15.%.*−20/);
    expect(errorCell(set, "TPOT").text).toBe("");
    expect(targetText(set)).toBe("stated – / 15 / –");
    expect(setText(set, "TTFT")).toMatch(/^some runs: 2.runs, median error of TTFT 20\.0.%, over its target; furthest off far, −30.%\.$/);
  });

  test("points by the measured time, on axes of one range", () => {
    const points = pointsOf(set, "TTFT");
    expect(points.map(({ run, worst }) => [run.name, worst])).toEqual([
      ["near", false],
      ["far", true],
    ]);
    expect(points[1]!.predicted).toBeCloseTo(0.07, 12);
    const model = { quantity: "TTFT", points, others: [] } as const;
    const scales = scatterScales(model, 400, 300);
    expect(scales.x.domain()).toEqual(scales.y.domain());
    expect(ticksOf(scales.x)).toEqual([0.05, 0.1]);
    expect(pointAt(model, scales, scales.x(0.1) + 3, scales.y(0.07))).toBe(1);
    expect(pointAt(model, scales, 0, 0)).toBeNull();
    const { surface, text } = recordingSurface();
    const figure = scatterFigure(model, 400, 300);
    figure.draw(surface);
    // Full, and hollow where it is among the furthest off.
    expect(text().match(/fill="blue"/g)).toHaveLength(1);
    expect(text().match(/stroke="vermillion"/g)).toHaveLength(1);
    expect(figure.texts.map((one) => one.text)).toEqual(
      expect.arrayContaining(["Predicted time to first token, ms", "Measured time to first token, ms", "50", "100"]),
    );
  });

  test("tables hold every set and what others publish, in percent", () => {
    const csv = toCsv(setsTable(figures)).split("\n");
    expect(csv[0]).toContain('"E2E, median error (%)"');
    expect(csv.some((line) => line.startsWith("published by others,BLIS") && line.includes(",6.7,17.6,7.1"))).toBe(true);
    expect(toCsv(runsTable(set))).toBe('Run,"TTFT, measured (s)","TTFT, error (%)"\nfar,0.1,-30\nnear,0.05,10\n');
  });
});
