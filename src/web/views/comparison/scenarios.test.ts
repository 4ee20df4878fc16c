import { expect, test } from "vitest";
import { defaultPreset } from "../../../scenario/presets/default.ts";
import { named } from "./scenarios.ts";

const known = { scenario: defaultPreset.scenario, pinned: null, plan: null };

test("a change of the present scenario, by the names of the fields", () => {
  const six = named("set:pools[0].replicas=6", known);
  expect(six).toMatchObject({ ok: true, compared: { label: "Replicas 6" } });
  expect(six.ok && six.compared.scenario.pools[0]?.replicas).toBe(6);
  const vllm = named("set:pools[0].batching=vllm", known);
  expect(vllm.ok && vllm.compared.label).toMatch(/^Scheduler.* Prefill first$/);
});

test("presets by id; what is not there says what would do", () => {
  expect(named("preset:one-gpu-queue", known)).toMatchObject({ ok: true, compared: { label: "One GPU, equal jobs" } });
  for (const id of ["preset:joy", "pinned", "setting:3", "set:pools[0].joy=1", "joy"]) {
    const outcome = named(id, known);
    expect(outcome.ok).toBe(false);
    expect(outcome.ok ? "" : outcome.error).toMatch(/\.$/);
  }
});
