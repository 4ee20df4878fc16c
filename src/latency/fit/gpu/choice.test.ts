import { expect, test } from "vitest";
import { resamplingOf } from "../bootstrap.ts";
import { scaledTerms } from "../out-of-bag.ts";
import { paced } from "../pace.ts";
import { readMeasurements } from "../read.ts";
import { searchesOnGpu } from "../roofline-device.ts";
import type { FitDevice } from "../session-types.ts";
import { testTable } from "../testing-table.ts";
import { chooseGpu } from "./choice.ts";
import { HARDWARE_SHAPE, SOFTWARE_SHAPE, gramKernel } from "./kernels.ts";

const now = (): number => performance.now();
const pace = paced(new AbortController().signal, now);

function drawn() {
  const outcome = readMeasurements(testTable(40));
  if (!outcome.ok) throw new Error(outcome.text);
  const { data } = outcome;
  const columns = [data.P, data.D];
  const ones = data.t.map(() => 1);
  return [resamplingOf(data, columns, ones, new Uint8Array(data.rows).fill(1)), scaledTerms(columns, data.t, [1e-4, 1e-4])] as const;
}

test("without WebGPU the processor computes; only who asked for the GPU is told", async () => {
  expect(await chooseGpu("gpu", ...drawn(), 400, pace, now)).toEqual({
    gpu: null,
    line: "There is no GPU that this browser offers: fitted on the CPU, same result.",
  });
  expect(await chooseGpu("auto", ...drawn(), 400, pace, now)).toEqual({ gpu: null, line: "" });
  expect(await chooseGpu("auto", ...drawn(), 1e9, pace, now)).toEqual({ gpu: null, line: "" });
});

test("workgroups stay within the memory that every WebGPU device has; too many columns give no kernel", () => {
  for (const shape of [HARDWARE_SHAPE, SOFTWARE_SHAPE])
    for (let width = 2; width <= 20; width++) {
      const code = gramKernel(width, shape);
      const words = [...code!.matchAll(/var<workgroup> \w+: array<u32, (\d+)>/g)].map(([, count]) => Number(count));
      expect(words).toHaveLength(2);
      expect(4 * (words[0]! + words[1]!)).toBeLessThanOrEqual(16_384);
    }
  expect(gramKernel(40, HARDWARE_SHAPE)).toBeNull();
});

test("planes are searched by the processor unless there are many starts and a GPU; who asked for one is told", async () => {
  const outcome = readMeasurements(testTable(40));
  if (!outcome.ok) throw new Error(outcome.text);
  const searched = async (device: FitDevice, starts: number): Promise<string[]> => {
    const lines: string[] = [];
    const none = (): void => undefined;
    const options = { starts, device, now, onProgress: none, onAdapter: none, onLine: (line: string) => void lines.push(line) };
    expect(await searchesOnGpu(outcome.data, pace, options)).toEqual([]);
    return lines;
  };
  expect(await searched("gpu", 64)).toEqual([]);
  expect(await searched("gpu", 512)).toEqual(["There is no GPU that this browser offers: planes are searched on the CPU."]);
  expect(await searched("auto", 512)).toEqual([]);
});
