import { expect, test } from "vitest";
import { gpuName, shorten } from "./gpu-name.ts";

test("GPU names lose vendor and form factor, not the memory that tells them apart", () => {
  expect(shorten("NVIDIA H100 SXM5")).toBe("H100");
  expect(shorten("NVIDIA A100 80GB PCIe")).toBe("A100 80\u00a0GB");
  expect(shorten("NVIDIA GB200 NVL72 (per GPU)")).toBe("GB200");
  expect(shorten("AMD Instinct MI300X")).toBe("MI300X");
  expect(gpuName("h100-sxm")).toBe("H100");
  expect(gpuName("my-own")).toBe("my-own");
});
