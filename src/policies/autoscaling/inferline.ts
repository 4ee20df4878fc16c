// InferLine's reactive tuner (Crankshaw et al., SoCC 2020), as the autoscaling lab for Vidur has it: one window per direction, and the throughput
// of a replica measured from its batches.
import { definePolicy } from "../../engine/contracts.ts";
import { number } from "../../engine/params.ts";
import { Envelope } from "./envelope.ts";

const seconds = (initial: number, help: string, label: string) =>
  number(initial, help, { label, min: 1, max: 100_000, unit: "s", scale: "log" });

export const inferline = definePolicy({
  kind: "autoscaling",
  id: "inferline",
  label: "InferLine",
  help: "As many replicas as the highest recent token rate needs at the throughput measured from batches. Each iteration is looked at. InferLine (SoCC 2020) as in Vidur's autoscaling lab, with its values.",
  params: {
    tick: number(5, "Time between two decisions.", { label: "Every", min: 0.1, max: 3600, unit: "s" }),
    upWindow: seconds(20, "Scale up on the rate of tokens over windows of this length.", "Span up"),
    upLookBack: seconds(80, "Scale up on the highest of the windows that ended this recently.", "Reach up"),
    downWindow: seconds(20, "Scale down on the rate over windows of this length.", "Span down"),
    downLookBack: seconds(80, "Scale down on the highest of the windows that ended this recently.", "Reach down"),
    stabilisation: number(10, "No scale-down for this long after a scale-up.", { label: "Stabilise", min: 0, max: 100_000, unit: "s" }),
    throughput: number(1, "Throughput of a replica assumed before the first batch.", {
      label: "First guess",
      min: 0.001,
      max: 1e9,
      unit: "tok/s",
      scale: "log",
    }),
    alpha: number(0.5, "Weight of the latest batch in the average of throughputs.", { label: "Alpha", min: 0.001, max: 1, step: 0.05 }),
    utilisation: number(1, "Share of the measured throughput that is planned with.", {
      label: "Plan with",
      min: 0.01,
      max: 10,
      step: 0.05,
    }),
  },
  create: (values) => {
    const state = {
      up: new Envelope(values.upWindow, values.upLookBack),
      down: new Envelope(values.downWindow, values.downLookBack),
      throughput: values.throughput,
      lastUp: 0,
    };
    const { alpha } = values;
    return {
      state,
      tickSeconds: values.tick,
      arrived: (slot, { now, requests }) => {
        const tokens = requests.promptTokens[slot]! + requests.outputTokens[slot]!;
        state.up.add(now, tokens);
        state.down.add(now, tokens);
      },
      batchEnded: (_replica, tokens, startedAt, endedAt) => {
        state.throughput = (alpha * tokens) / (endedAt - startedAt) + (1 - alpha) * state.throughput;
      },
      tick: (pool) => {
        const { now, ordered } = pool;
        const each = state.throughput * values.utilisation;
        const rate = state.up.highest(now);
        pool.because("highest token rate, up", rate);
        pool.because("throughput of a replica", each);
        const up = Math.ceil(rate / each);
        if (up > ordered) {
          state.lastUp = now;
          return up - ordered;
        }
        if (now - state.lastUp < values.stabilisation) return 0;
        const lower = state.down.highest(now);
        pool.because("highest token rate, down", lower);
        return Math.min(0, Math.max(1, Math.ceil(lower / each)) - ordered);
      },
    };
  },
});
