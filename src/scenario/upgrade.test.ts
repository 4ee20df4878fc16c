import { describe, expect, test } from "vitest";
import { SCENARIO_VERSION } from "./types.ts";
import { upgrade, upgraders } from "./upgrade.ts";
import { decodeLink } from "./link.ts";

describe("upgrade", () => {
  test("has a step for every version after the first, and no other", () => {
    const steps = Array.from({ length: SCENARIO_VERSION - 1 }, (_, i) => String(i + 2));
    expect(Object.keys(upgraders)).toEqual(steps);
  });

  test("applies the steps in order and leaves the version right", () => {
    const steps = { 2: (raw: object) => ({ ...raw, log: "2" }), 3: (raw: object) => ({ ...raw, log: `${(raw as { log: string }).log}3` }) };
    expect(upgrade({ version: 1 }, steps, 3)).toEqual({ ok: true, raw: { version: 3, log: "23" } });
    expect(upgrade({ version: 2, log: "" }, steps, 3)).toEqual({ ok: true, raw: { version: 3, log: "3" } });
    expect(upgrade({}, steps, 3)).toEqual({ ok: true, raw: { version: 3 } });
    expect(() => upgrade({ version: 1 }, { 2: steps[2] }, 3)).toThrow("version 3");
  });

  test("refuses newer and impossible versions with one sentence", () => {
    expect(upgrade({ version: 3 }, {}, 1)).toEqual({ ok: false, error: expect.stringContaining("version 3; this one reads up to 1") });
    expect(upgrade({ version: "one" })).toEqual({ ok: false, error: expect.stringContaining('"one" is not a scenario version') });
    expect(upgrade({ version: 0.5 }).ok).toBe(false);
  });
});

// Frozen on the day version 1 was released: a link per version must open for ever. Never edit; add one per new version.
const FROZEN: Readonly<
  Record<number, { readonly link: string; readonly name: string; readonly replicas: number; readonly routing: string }>
> = {
  1: {
    link: "#s=1.bVLLbtswEPyVYM5UQNl5lbcgQG8FivZY5LCWVjJhPmRy5aQ19O8F6dipgd64jxnODHlEIM8w-JriHw7q5sAp2xhuWihk5h6mbRUk0TDYDuaIHOfUcTntbOhhkH8H2bLYDgqUkj2Qy2Vsy3Ak7wkKEyXytZ1IGKZdKXQHmPWyKDgOo2w_QS6OISZP7go4pegn-cYUYB61XgrS0_sP3s-cJcPca70oCAcKpfx1RN5SYpi1QnbxxVHOMNjPtttBnY0TFnU8Fxssr5_LfGIRGQRG395fMCeKguMVwzzoyyQLhZ5SX3l87NkVP448NevbtnnUm-IpRneiTjw521GGearKc0zfKZFzBXensCHptjaMl2gOzvmrVOrGC00wD3clkd2hdl3sdhnmi66ZfIiLgavocZqL8Vbr5kk3-b0w_ufyD5S8xeomxVn-lTLFN05NHJq6oOAi9T-FHAcuOde8qPc2l_90Qe1nnrlx1lu58nHqmHZVTAw0O7lKqD5iOVPHz4Nwgmm1AgnMSp8SPRt8Xf4C&v=q1ZKLi0qzi9SsjKuBQA",
    name: "Frozen, version 1",
    replicas: 8,
    routing: "power-of-two",
  },
};

describe("frozen links", () => {
  test("there is one per version", () => {
    expect(Object.keys(FROZEN).map(Number)).toEqual(Array.from({ length: SCENARIO_VERSION }, (_, i) => i + 1));
  });

  test.each(Object.entries(FROZEN))("version %s opens", async (_version, { link, name, replicas, routing }) => {
    const outcome = await decodeLink(link);
    if (!outcome.ok) throw new Error(outcome.errors.join("\n"));
    expect(outcome.scenario.name).toBe(name);
    expect(outcome.scenario.pools[0]!.replicas).toBe(replicas);
    expect(outcome.scenario.routing.id).toBe(routing);
  });
});
