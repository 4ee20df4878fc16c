// Runs the starting scenario with this checkout's engine and writes its picture for the first paint of the page: public/recorded-run.bin.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { defaultPreset } from "../src/scenario/presets/default.ts";
import { createRun } from "../src/scenario/run.ts";
import { pictureOf } from "../src/scenario/session-live.ts";
import { packPicture } from "../src/web/rpc/recorded.ts";
import { presetFacts } from "../src/workload/presets/index.ts";

const run = createRun(defaultPreset.scenario, { trace: null, step: false, workloads: presetFacts, keepRequests: true });
run.runUntil(Infinity);
run.simulation.finish();
const { simulation } = run;
const duration = run.config.source.duration;
const picture = pictureOf(
  run,
  {
    phase: "finished",
    done: simulation.ended,
    total: simulation.ended,
    simTime: simulation.now,
    // The axis of the live run that follows ends where arrivals end.
    simEnd: Number.isFinite(duration) ? Math.max(duration, simulation.now) : simulation.now,
    wallMs: 0,
    text: "finished",
  },
  true,
  1,
);
const bytes = deflateRawSync(packPicture(picture), { level: 9 });
mkdirSync("public", { recursive: true });
writeFileSync("public/recorded-run.part", bytes);
renameSync("public/recorded-run.part", "public/recorded-run.bin");
console.error(`public/recorded-run.bin: ${bytes.length} bytes, ${simulation.ended} requests`);
