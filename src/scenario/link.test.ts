import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyScenario } from "./arbitrary.ts";
import { defaultScenario } from "./base.ts";
import { compact } from "./compact.ts";
import { hashScenario } from "./hash.ts";
import { decodeLink, encodeLink, pack, unpack } from "./link.ts";
import { normalise } from "./normalise.ts";
import { presets } from "./presets/index.ts";
import { parseScenario } from "./schema.ts";

const base64url = (text: string | Buffer): string => deflateRawSync(text).toString("base64url");

async function errorOf(link: string): Promise<string> {
  const outcome = await decodeLink(link);
  if (outcome.ok) throw new Error("The link was read");
  return outcome.errors.join("\n");
}

describe("link", () => {
  test("any scenario comes back the same", async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, async (scenario) => {
        const outcome = await decodeLink(await encodeLink(scenario));
        expect(outcome).toEqual({ ok: true, scenario: normalise(scenario), view: null });
      }),
      { numRuns: 150 },
    );
  });

  test("any scenario comes back from its compact form", () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const outcome = parseScenario(JSON.parse(JSON.stringify(compact(scenario))));
        if (!outcome.ok) throw new Error(outcome.errors.join("\n"));
        expect(outcome.scenario).toEqual(normalise(scenario));
        expect(hashScenario(outcome.scenario)).toBe(hashScenario(normalise(scenario)));
      }),
      { numRuns: 150 },
    );
  });

  test("is short: the default under 500 characters, presets under 2,000", async () => {
    expect((await encodeLink(defaultScenario)).length).toBeLessThan(100);
    const changed = {
      ...defaultScenario,
      name: "Eight replicas",
      seed: 42,
      pools: [{ ...defaultScenario.pools[0]!, replicas: 8, tensorParallel: 2 }],
    };
    expect((await encodeLink(changed)).length).toBeLessThan(500);
    for (const { id, scenario } of presets) expect((await encodeLink(scenario)).length, id).toBeLessThan(2000);
  });

  test("is found in a whole address, beside other parts", async () => {
    const link = await encodeLink(presets[0]!.scenario, { cursor: 900 });
    const outcome = await decodeLink(`https://example.org/goodput/${link}&embed=1`);
    expect(outcome).toEqual({ ok: true, scenario: presets[0]!.scenario, view: { cursor: 900 } });
  });

  test("a bad view part never blocks the scenario", async () => {
    const link = await encodeLink(defaultScenario);
    for (const view of ["&v=", "&v=%%%", "&v=AAAA", `&v=${base64url("[1]")}`, `&v=${base64url("nonsense")}`])
      expect(await decodeLink(link + view)).toEqual({ ok: true, scenario: defaultScenario, view: null });
  });

  test("says what is wrong", async () => {
    const link = await encodeLink(presets[0]!.scenario);
    expect(await errorOf(link.replace("#s=1.", "#s=3."))).toMatch(/newer Goodput \(version 3; this one reads up to 1\)/);
    expect(await errorOf(link.slice(0, 60))).toMatch(/cut short or damaged/);
    expect(await errorOf("#s=1.")).toMatch(/cut short or damaged/);
    expect(await errorOf("#s=hello")).toMatch(/cut short or damaged/);
    expect(await errorOf(`#s=1.${base64url("[]")}`)).toMatch(/cut short or damaged/);
    expect(await errorOf("https://example.org/")).toMatch(/holds no scenario/);
    expect(await errorOf(`#s=1.${base64url('{"seed":-1}')}`)).toBe("seed: -1 is below the limit 0. Give a whole number of at least 0.");
  });

  test("one that unpacks to more than a megabyte is refused", async () => {
    const bomb = base64url(Buffer.from(JSON.stringify({ name: "a".repeat(20_000_000) })));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await errorOf(`#s=1.${bomb}`)).toMatch(/cut short or damaged/);
    expect(await errorOf(`#s=1.${"A".repeat(300_000)}`)).toMatch(/at most 200000/);
  });

  test("reading never throws on noise", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.base64String(), async (text, packed) => {
        await decodeLink(text);
        await decodeLink(`#s=1.${packed.replaceAll(/[+/=]/g, "")}`);
      }),
    );
  });

  test("packing keeps any JSON value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await unpack(await pack(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
