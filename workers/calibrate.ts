// The calibration worker: simulates benchmark runs until the roofline repeats them. Ending it cancels.
import { expose } from "comlink";
import { calibrateScenario } from "../src/analysis/benchmark-calibration.ts";
import { ScenarioError } from "../src/scenario/build.ts";
import type { CalibrationHost } from "../src/web/rpc/protocol.ts";
import { loadWorkload } from "../src/workload/presets/load.ts";

const host: CalibrationHost = {
  calibrate: async (runs, base, onProgress) => {
    const { source } = base.traffic;
    const steps = calibrateScenario(runs, base, source.kind === "preset" ? await loadWorkload(source.id) : []);
    try {
      for (;;) {
        const next = steps.next();
        if (next.done === true) return { ok: true, calibration: next.value };
        onProgress(next.value);
      }
    } catch (error) {
      if (error instanceof ScenarioError) return { ok: false, error: error.message };
      throw error;
    }
  },
};

expose(host);
