// Recorders that are asked for, on random small fleets: leaping gives the bytes of stepping, they change nothing, and their books balance.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Status } from "../engine/contracts.ts";
import { createEngine } from "../engine/index.ts";
import type { Engine } from "../engine/index.ts";
import { BatchTrace } from "../engine/metrics/batch-trace.ts";
import type { BatchTraceOptions } from "../engine/metrics/batch-trace.ts";
import { DetailRecorder } from "../engine/metrics/detail-recorder.ts";
import { textOf } from "../engine/testing.ts";
import { batching } from "./batching/index.ts";
import { configFrom, recipes, routerOf } from "./testing-scenarios.ts";
import type { Recipe } from "./testing-scenarios.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 60);
const WHOLE: BatchTraceOptions = { from: 0, to: Infinity, decodes: "each", maxEvents: Infinity };

const plain = (value: unknown): string =>
  JSON.stringify(
    value,
    (_key, part: unknown) => (ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>, String).join(" ") : part),
    1,
  );

function run(recipe: Recipe, scheduler: (typeof batching)[number], step: boolean, options = WHOLE, limit = Infinity) {
  const config = configFrom(recipe, scheduler, routerOf(recipe), step);
  const trace = new BatchTrace(options);
  const detail = new DetailRecorder(config, { keepBatches: true, parts: config.pools.map(() => null) });
  const engine = createEngine(config, { keepRequests: true, recorders: [trace, detail] });
  engine.simulation.runUntil(limit);
  engine.simulation.finish();
  trace.finish();
  detail.finish();
  return { engine, trace, detail };
}
type Ran = ReturnType<typeof run>;

const textsOf = ({ engine, trace, detail }: Ran): string[] => [
  plain(trace.result()),
  plain(detail.detail(engine.summary(true).makespan)),
  plain(detail.batchColumns()),
  plain(detail.counts()),
  plain(detail.requestColumns()),
];

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** What does not add up. */
function problems({ engine, trace, detail }: Ran): string[] {
  const found: string[] = [];
  const log = engine.requests();
  const batches = detail.batchColumns()!;
  const { running, preempted, stalled } = detail.requestColumns();
  const summary = engine.summary(true);
  if (sum(batches.iterations.map((k, i) => (batches.lost[i] === 1 ? 0 : k))) !== summary.fleet.iterations)
    found.push(`iterations ${sum(batches.iterations)} and ${summary.fleet.iterations}`);
  for (let row = 0; row < log.length; row++) {
    if (!(log.scheduledAt[row]! >= 0)) continue;
    const total = running[row]! + preempted[row]! + stalled[row]!;
    if (!near(total, log.finishedAt[row]! - log.scheduledAt[row]!)) found.push(`request ${log.id[row]}: ${total} s`);
    if (log.status[row] === Status.completed && !(running[row]! > 0)) found.push(`request ${log.id[row]} completed without running`);
    if (log.preemptions[row] === 0 && preempted[row]! > 0) found.push(`request ${log.id[row]} was never preempted`);
  }
  // Slices of one stage do not overlap, and the busy time of a replica is theirs together.
  const { slices, waiting, kvBlocks } = trace.result();
  const until = new Map<string, number>();
  // Batches that a crash took are told lane by lane.
  const order = Array.from(slices.start, (_, i) => i).sort((a, b) => slices.start[a]! - slices.start[b]!);
  for (const i of order) {
    const stage = `${slices.replica[i]} ${slices.stage[i]}`;
    if (slices.start[i]! < (until.get(stage) ?? 0)) found.push(`slices of ${stage} overlap at ${slices.start[i]}`);
    if (slices.end[i]! < slices.start[i]!) found.push(`a slice ends before it starts: ${slices.start[i]}`);
    until.set(stage, slices.end[i]!);
  }
  const { simulation } = engine;
  simulation.replicas.forEach((replica, index) => {
    const busy = slices.start.reduce((total, start, i) => total + (slices.replica[i] === index ? slices.end[i]! - start : 0), 0);
    if (replica.lanes.length === 1 && !near(busy, replica.busyUntil(simulation.now))) found.push(`replica ${index} is busy ${busy} s`);
    for (const [rows, end] of [
      [waiting, replica.waiting.length],
      [kvBlocks, replica.usedBlocks],
    ] as const) {
      const last = rows.replica.lastIndexOf(index);
      if (last >= 0 && engine.summary(true).requests.unfinished === 0 && rows.value[last] !== end)
        found.push(`replica ${index} ends with ${rows.value[last]} and ${end}`);
    }
    const most = Math.max(0, ...kvBlocks.value.filter((_, i) => kvBlocks.replica[i] === index));
    if (most > replica.blocks) found.push(`replica ${index} uses ${most} of ${replica.blocks} blocks`);
  });
  return found;
}

describe.each(batching)("$id", (scheduler) => {
  test("leaping gives the same rows as stepping, and they add up", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const leapt = run(recipe, scheduler, false);
        expect(textsOf(leapt)).toEqual(textsOf(run(recipe, scheduler, true)));
        expect(problems(leapt)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("in windows, with few events, and in runs that are cut, too", () => {
    const options = fc.record({
      from: fc.nat(60).map((k) => k / 64),
      to: fc.oneof(
        fc.constant(Infinity),
        fc.nat(300).map((k) => k / 64),
      ),
      decodes: fc.constantFrom("each" as const, "runs" as const, "auto" as const),
      maxEvents: fc.constantFrom(5, 40, 400, Infinity),
    });
    fc.assert(
      fc.property(
        recipes,
        options,
        fc.oneof(
          fc.constant(Infinity),
          fc.nat(400).map((k) => k / 64),
        ),
        (recipe, asked, limit) => {
          expect(textsOf(run(recipe, scheduler, false, asked, limit))).toEqual(textsOf(run(recipe, scheduler, true, asked, limit)));
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("a run that stops as soon as the window is complete has the rows of one that goes on", () => {
    fc.assert(
      fc.property(recipes, fc.nat(200), fc.nat(200), (recipe, from, width) => {
        const options: BatchTraceOptions = { from: from / 64, to: (from + width) / 64, decodes: "auto", maxEvents: 100 };
        const whole = run(recipe, scheduler, false, options).trace.result();
        const trace = new BatchTrace(options);
        const { simulation } = createEngine(configFrom(recipe, scheduler, routerOf(recipe), false), {
          keepRequests: false,
          recorders: [trace],
        });
        while (!trace.complete && !simulation.runUntil(Infinity, 1));
        if (!trace.complete) {
          simulation.finish();
          trace.finish();
        }
        expect(plain(trace.result())).toEqual(plain(whole));
      }),
      { numRuns: RUNS },
    );
  });

  test("a run with recorders is the run without", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const bare: Engine = createEngine(configFrom(recipe, scheduler, routerOf(recipe), false), { keepRequests: true });
        bare.simulation.runUntil(Infinity);
        bare.simulation.finish();
        expect(textOf(run(recipe, scheduler, false).engine)).toEqual(textOf(bare));
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});
