// The panels of an experiment on figures by hand.
import { describe, expect, test } from "vitest";
import type { DoneRun, FleetSteps, Objectives, RunFigures } from "../../../analysis/experiment.ts";
import { metrics, type MetricId } from "../../../analysis/metrics.ts";
import { planExperiment } from "../../../analysis/plan.ts";
import { presets } from "../../../scenario/presets/index.ts";
import { recordingSurface } from "../../ui/chart/recorder.ts";
import { toCsv } from "../../ui/chart/table-data.ts";
import { frontRowsTable, selectFrontRows, selectHypervolume } from "../hypervolume/select.ts";
import { stepsFigure } from "../steps/draw.ts";
import { selectSteps, stepAt, stepsTable, stepsTip } from "../steps/select.ts";
import { shownExperiment, type ShownExperiment } from "../sweep/use-experiment.ts";
import { frontFigure, frontScales, placeOf, settingAt } from "./draw.ts";
import { cardRows, frontTable, selectFront } from "./select.ts";

const fleet: FleetSteps = { at: Float64Array.of(0, 60), serving: Uint16Array.of(1, 3), costPerHour: Float64Array.of(8, 24), end: 120 };

const figures = (values: Partial<Record<MetricId, number>>): RunFigures => ({
  metrics: Object.fromEntries(metrics.map(({ id }) => [id, values[id] ?? 0])) as Record<MetricId, number>,
  requests: { total: 9, completed: 9, refused: 0, failed: 0 },
  makespan: 120,
  fleet,
  meanReplicas: 2,
  maxReplicas: 3,
  offeredRate: null,
  meanGpus: 2,
});

/** Cost and P90 by setting, one list per seed. */
function experiment(
  points: readonly (readonly (readonly [cost: number, p90: number, slo?: number])[])[],
  objectives: Partial<Objectives> = {},
): ShownExperiment {
  const { scenario: base, sweep } = presets.find(({ id }) => id === "service-levels")!;
  const axes = [{ path: "pools[0].replicas", values: (points[0] ?? []).map((_, i) => String(i + 1)) }];
  const outcome = planExperiment({ base, axes, seeds: points.map((_, i) => i + 1) });
  if (!outcome.ok) throw new Error(outcome.error);
  const runs = points.flatMap((settings, s) =>
    settings.map(([cost, p90, slo = 1], setting): DoneRun => ({ setting, seed: s + 1, figures: figures({ cost, "e2e.p90": p90, slo }) })),
  );
  const wanted: Objectives = { x: "cost", y: "e2e.p90", reference: [50, 0.5], ...objectives };
  const { plan } = outcome;
  return shownExperiment({ plan, runs, failed: [], objectives: wanted, published: sweep ?? null }, null, false);
}

/** On the front, dominated, on the front, and one far out. */
const some = experiment([
  [
    [30, 0.3],
    [35, 0.35],
    [40, 0.2],
    [41, 30],
  ],
]);

describe("front", () => {
  test("shows the reference and what is near; what is far stands at the edge", () => {
    const model = selectFront(some);
    expect(model.front.map((i) => model.points[i]?.label)).toEqual(["replicas 1", "replicas 3"]);
    expect(model.domainY[1]).toBeLessThan(0.6);
    const scales = frontScales(model, 800, 400);
    expect(placeOf(scales, { x: 41, y: 30 })).toMatchObject({ beyond: true, py: 29 });
    expect(placeOf(scales, { x: 30, y: 0.3 }).beyond).toBe(false);
    expect(model.text).toMatch(
      /4.settings of 4; on the front of Total cost against P90 end-to-end latency: replicas 1 \(\$30\.00, 300.ms\) and replicas 3/,
    );
  });
  test("the staircase goes down from the reference's height and along to its cost", () => {
    const model = selectFront(some);
    const scales = frontScales(model, 800, 400);
    const { surface, text } = recordingSurface();
    const figure = frontFigure(model, 800, 400);
    figure.draw(surface);
    const corner = (x: number, y: number): string => `${Number(scales.x(x).toFixed(2))} ${Number(scales.y(y).toFixed(2))}`;
    const path = [corner(30, 0.5), corner(30, 0.3), corner(40, 0.3), corner(40, 0.2), corner(50, 0.2)];
    const numbers = (line: string): string => line.replace(/-?\d+(\.\d+)?/g, (n) => String(Number(Number(n).toFixed(0))));
    expect(numbers(text())).toContain(numbers(`M${path.join("L")}`));
    // Hollow and full: the paper fills what is dominated.
    expect(text().match(/fill="blue"/g)).toHaveLength(2);
    expect(figure.texts.map(({ text: words }) => words)).toEqual(
      expect.arrayContaining([
        "replicas 1",
        "replicas 2",
        "replicas 3",
        "published",
        "hypervolume 0.2000",
        "reference $50.00, 500\u00a0ms",
      ]),
    );
  });
  test("the nearest setting within reach", () => {
    const model = selectFront(some);
    const scales = frontScales(model, 800, 400);
    expect(settingAt(model, scales, scales.x(30) + 10, scales.y(0.3))).toBe(0);
    expect(settingAt(model, scales, scales.x(30) + 40, scales.y(0.45))).toBeNull();
  });
  test("a share that is to be large has its front above", () => {
    const shown = experiment([[[30, 0.3, 0.9], [40, 0.2, 0.99]]], { y: "slo", reference: [50, 0.8] }); // prettier-ignore
    const model = selectFront(shown);
    const scales = frontScales(model, 800, 400);
    expect(scales.y(0.99)).toBeLessThan(scales.y(0.9));
    expect(scales.y(0.9)).toBeLessThan(scales.y(0.8));
    expect(model.published).toEqual([]);
    expect(frontFigure(model, 800, 400).texts.map(({ text: words }) => words)).toContain("Requests that meet every SLO, %");
  });
  test("means with their deviation in the card and in the table", () => {
    const shown = experiment([[[30, 0.3]], [[32, 0.34]]]);
    expect(cardRows(shown, 0)).toEqual(
      expect.arrayContaining([
        ["Total cost", "$31.00 ± 1.41"],
        ["P90 end-to-end latency", "320\u00a0ms ± 28"],
        ["Replicas, mean", "2.0, most 3"],
      ]),
    );
    expect(toCsv(frontTable(shown)).split("\n")[1]).toMatch(/^replicas 1,yes,31,1\.4142135623730951,0\.32,/);
  });
});

describe("hypervolume", () => {
  test("one number where formula and area agree, and the published one beside it", () => {
    const model = selectHypervolume(experiment([[[30, 0.3], [40, 0.2]]])); // prettier-ignore
    expect(model?.rows.map(({ label, value }) => [label, value.toFixed(4)])).toEqual([
      ["This sweep", "0.2000"],
      ["Published", "0.1592"],
    ]);
    expect([model?.why, model?.seeds]).toEqual([null, null]);
  });
  test("both where a setting is dominated, with the reason", () => {
    const model = selectHypervolume(experiment([[[20, 0.1], [30, 0.2]]])); // prettier-ignore
    expect(model?.rows.map(({ label, value }) => [label, value.toFixed(4)])).toEqual([
      ["By the formula", "0.4000"],
      ["Dominated area", "0.4800"],
      ["Published", "0.1592"],
    ]);
    expect(model?.why).toMatch(/takes area away/);
  });
  test("seed by seed", () => {
    const model = selectHypervolume(experiment([[[25, 0.25]], [[25, 0.4]]])); // prettier-ignore
    expect(model?.seeds).toBe("Seed by seed 0.1750 ± 0.1061, from 0.1000 to 0.2500. 1 of 2 are above the published one.");
    expect(model?.rows[0]?.range).toEqual([expect.closeTo(0.1), expect.closeTo(0.25)]);
  });
  test("the table of the front has one unit per column", () => {
    const rows = selectFrontRows(some);
    expect(rows.columns.map(({ head }) => head)).toEqual(["$", "P50, ms", "P90, ms", "P99, ms"]);
    expect(rows.rows.map(({ label, cells }) => [label, cells[0]?.value, cells[2]?.value])).toEqual([
      ["replicas 1", "30.00", "300"],
      ["replicas 3", "40.00", "200"],
    ]);
    expect(toCsv(frontRowsTable(rows)).split("\n")[1]).toBe("replicas 1,30.00,,0.0,,300,,0.0,");
  });
});

describe("fleets over time", () => {
  test("one row per setting, the first seed in front, the others pale", () => {
    const model = selectSteps(experiment([[[30, 0.3]], [[32, 0.34]]])); // prettier-ignore
    expect(model.rows.map(({ label, fleets, replicas }) => [label, fleets.length, replicas])).toEqual([
      ["replicas 1", 2, "mean 2.00, most 3"],
    ]);
    expect([model.end, model.mostReplicas, model.mostCost]).toEqual([120, 3, 24]);
    const { surface, text } = recordingSurface();
    stepsFigure(model, 900).draw(surface);
    expect(text().match(/stroke="blue"/g)).toHaveLength(2);
    expect(text().match(/opacity="0\.28"/g)).toHaveLength(1);
  });
  test("what holds at a time", () => {
    expect([stepAt(fleet, -1), stepAt(fleet, 0), stepAt(fleet, 59), stepAt(fleet, 60)]).toEqual([-1, 0, 0, 1]);
    const model = selectSteps(some);
    expect(stepsTip(model, 61).rows[0]).toEqual(["replicas 1", "3, $24.00/h"]);
    expect(stepsTip(model, 121).rows[0]).toEqual(["replicas 1", "ended"]);
  });
  test("every step of every run in the table", () => {
    expect(toCsv(stepsTable(some)).split("\n").slice(0, 3)).toEqual([
      "Setting,Seed,From (s),Replicas,Cost ($/h)",
      "replicas 1,1,0,1,8",
      "replicas 1,1,60,3,24",
    ]);
  });
});
