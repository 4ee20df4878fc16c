import { describe, expect, test } from "vitest";
import { defaultScenario } from "./base.ts";
import { compact } from "./compact.ts";
import { presets } from "./presets/index.ts";
import { batching } from "../policies/batching/index.ts";
import { gpus } from "./registries.ts";
import { routing } from "../policies/routing/index.ts";
import { parseScenario, scenarioJsonSchema } from "./schema.ts";
import { setPath } from "./set-path.ts";

function errors(given: unknown): string {
  const outcome = parseScenario(given);
  if (outcome.ok) throw new Error("The scenario was taken");
  return outcome.errors.join("\n");
}

describe("parseScenario", () => {
  test("an empty object is the default scenario", () => {
    expect(parseScenario({})).toEqual({ ok: true, scenario: defaultScenario });
    expect(compact(defaultScenario)).toEqual({ version: 1 });
  });

  test("a file names only what differs", () => {
    const outcome = parseScenario({ pools: [{ name: "a", replicas: 8, kv: { blockSize: 32 } }], traffic: { rateScale: 2 } });
    if (!outcome.ok) throw new Error(outcome.errors.join("\n"));
    expect(outcome.scenario.pools[0]).toEqual({
      ...defaultScenario.pools[0],
      name: "a",
      replicas: 8,
      kv: { blockSize: 32, memoryUtilisation: 0.9, blocks: null },
    });
    expect(outcome.scenario.traffic).toEqual({ ...defaultScenario.traffic, rateScale: 2 });
  });

  test("parameters that equal their default are left out", () => {
    const outcome = parseScenario({ pools: [{ name: "main", batching: { id: "sarathi", params: { chunk: 2048, batchCap: 7 } } }] });
    if (!outcome.ok) throw new Error(outcome.errors.join("\n"));
    expect(outcome.scenario.pools[0]!.batching).toEqual({ id: "sarathi", params: { batchCap: 7 } });
  });

  test.each(presets.map((entry) => [entry.id, entry] as const))("preset %s is valid as it stands", (_id, { scenario }) => {
    expect(parseScenario(JSON.parse(JSON.stringify(scenario)))).toEqual({ ok: true, scenario });
  });

  test.each([
    [{ seed: -1 }, "seed: -1 is below the limit 0. Give a whole number of at least 0."],
    [{ seed: "x" }, 'seed: "x" is not a number. Give a whole number of at least 0.'],
    [{ sede: 1 }, 'scenario: Unknown field "sede". Did you mean "seed"?'],
    [
      { pools: [{ name: "a", batching: { id: "sarathi", params: { chunk: 0 } } }] },
      "pools[0].batching.params.chunk: 0 is below the limit 16. Give a whole number of tokens from 16 to 65,536.",
    ],
    [
      { pools: [{ name: "a", batching: { id: "sarathi", params: { chunk: 20.5 } } }] },
      "pools[0].batching.params.chunk: 20.5 is not a whole number. Give a whole number of tokens from 16 to 65,536.",
    ],
    [
      { pools: [{ name: "a", batching: { id: "sarathi", params: { chunks: 20 } } }] },
      'pools[0].batching.params: Unknown parameter of sarathi "chunks". Did you mean "chunk"?',
    ],
    [{ routing: { id: "lor" } }, `routing.id: Unknown routing policy "lor". Known: ${routing.map((entry) => entry.id).join(", ")}.`],
    [{ routing: "random" }, 'routing: "random" is not a choice. Give an object such as {"id": "least-outstanding"}.'],
    [{ routing: { id: "least-outstanding", params: { count: "bytes" } } }, 'routing.params.count: Unknown option "bytes".'],
    [{ pools: [{ name: "a", gpu: "h100" }] }, 'pools[0].gpu: Unknown GPU "h100". Did you mean "h100-'],
    [{ pools: [{ replicas: 1 }] }, "pools[0].name: is missing. Give a name of 1 to 80 characters."],
    [{ pools: [{ name: "a", minReplicas: 3, maxReplicas: 2 }] }, "pools[0].minReplicas: 3 is more than maxReplicas (2). Give at most 2."],
    [{ pools: [] }, "pools: The list is empty. Give at least 1 of pools."],
    [{ pools: [{ name: "a" }, { name: "a" }] }, 'pools[1].name: "a" is already the name of pools[0]. Give each pool a name of its own.'],
    [{ tenants: [{ name: "t", sloClass: "gold" }] }, 'tenants[0].sloClass: Unknown SLO class "gold". Known: standard.'],
    [{ faults: [{ at: 1, pool: "mian" }] }, 'faults[0].pool: Unknown pool "mian". Did you mean "main"?'],
    [{ faults: [{ at: 1, pool: "main", replica: 9 }] }, 'faults[0].replica: Pool "main" has no replica 9. Give a number from 1 to 4.'],
    [{ traffic: { maxSeconds: null } }, "traffic: This traffic has no end of its own"],
    [
      { traffic: { source: { kind: "pcap" } } },
      'traffic.source.kind: Unknown traffic source "pcap". Give kind as one of preset, synthetic, trace.',
    ],
    [{ traffic: { source: { kind: "trace", hash: "12", file: "a.csv" } } }, 'traffic.source.hash: "12" is not a SHA-256.'],
    [{ pools: [{ name: "a", role: "prefill" }] }, "pools: No pool can serve a whole request."],
    [{ pools: [{ name: "a", tensorParallel: 3 }] }, "pools[0].tensorParallel: 3 does not divide the 32 attention heads"],
    [{ version: 2 }, "version: This scenario was made by a newer Goodput (version 2; this one reads up to 1)."],
    [[1], "scenario: [1] is not a scenario."],
    [
      { traffic: { source: { kind: "synthetic", arrivals: { id: "piecewise", params: { rates: [[1]] } }, lengths: { id: "fixed" } } } },
      "traffic.source.arrivals.params.rates[0]: [1] is not a row. Give 2 numbers: time, rate.",
    ],
  ])("%j", (given, expected) => {
    const text = errors(given);
    expect(text.slice(0, expected.length)).toBe(expected);
  });

  test("every error is one sentence or two, on one line, that starts with its path", () => {
    const text = errors({ seed: {}, model: "gpt", pools: [{ name: 3, replicas: 1e9 }], traffic: { rateScale: Number.NaN } });
    expect(text.split("\n").map((line) => line.split(":")[0])).toEqual([
      "seed",
      "traffic.rateScale",
      "model",
      "pools[0].name",
      "pools[0].replicas",
    ]);
  });
});

describe("JSON Schema", () => {
  const schema = JSON.parse(JSON.stringify(scenarioJsonSchema())) as { properties: Record<string, unknown>; required?: string[] };

  test("names every policy with its parameters, defaults and limits", () => {
    const text = JSON.stringify(schema);
    for (const entry of [...routing, ...batching]) {
      expect(text).toContain(`"const":"${entry.id}"`);
      for (const key of Object.keys(entry.params)) expect(text).toContain(`"${key}":{`);
    }
    for (const gpu of gpus) expect(text).toContain(`"${gpu.id}"`);
  });

  test("asks for nothing that has a default", () => {
    expect(schema.required ?? []).toEqual([]);
    expect(Object.keys(schema.properties)).toEqual(Object.keys(defaultScenario));
  });
});

describe("setPath", () => {
  const set = (assignment: string) => {
    const outcome = setPath(presets[0]!.scenario, assignment);
    if (!outcome.ok) throw new Error(outcome.errors.join("\n"));
    return outcome.scenario;
  };
  const refuse = (assignment: string): string => {
    const outcome = setPath(presets[0]!.scenario, assignment);
    if (outcome.ok) throw new Error("It was taken");
    return outcome.errors.join("\n");
  };

  test("changes one field, by position or by name", () => {
    expect(set("pools[0].replicas=8").pools[0]!.replicas).toBe(8);
    expect(set("pools.1.replicas=8").pools[1]!.replicas).toBe(8);
    expect(set("pools.spot.replicas=8").pools[1]!.replicas).toBe(8);
    expect(set("name=Another one").name).toBe("Another one");
    expect(set("traffic.maxRequests=null").traffic.maxRequests).toBe(null);
    const before = presets[0]!.scenario.pools[0]!.batching.params;
    expect(set("pools[0].batching.params.chunk=768").pools[0]!.batching.params).toEqual({ ...before, chunk: 768 });
  });

  test("a new policy does not inherit the parameters of the old one", () => {
    expect(set("pools[0].batching.id=vllm").pools[0]!.batching).toEqual({ id: "vllm" });
    expect(set("pools[0].batching=vllm").pools[0]!.batching).toEqual({ id: "vllm" });
    expect(set("routing=random").routing).toEqual({ id: "random" });
    // Choices that are left out where nothing is chosen.
    expect(set("pools[0].ordering=vtc").pools[0]!.ordering).toEqual({ id: "vtc" });
    expect(set("pools[0].kv.plan=vidur").pools[0]!.kv.plan).toEqual({ id: "vidur" });
    expect(set('traffic.source.arrivals={"id":"poisson","params":{"rate":3}}').traffic.source).toMatchObject({
      arrivals: { id: "poisson", params: { rate: 3 } },
    });
  });

  test("says what is wrong with a path or value", () => {
    expect(refuse("pools[0].replcas=8")).toBe('pools[0]: Unknown field "replcas". Did you mean "replicas"?');
    expect(refuse("pols[0].replicas=8")).toMatch(/^Unknown field "pols"\. Did you mean "pools"\?/);
    expect(refuse("pools[7].replicas=8")).toBe('pools: There is no entry "7". Give a number from 0 to 1 or a name: chat, spot.');
    expect(refuse("pools[0].batching.params.chnk=8")).toMatch(/Unknown parameter of sarathi "chnk". Did you mean "chunk"\?/);
    expect(refuse("seed.x=8")).toBe('seed: This is a single value, so it has no field "x".');
    expect(refuse("seed")).toMatch(/is not path=value/);
    expect(refuse("seed=many")).toMatch(/^seed: "many" is not a number/);
    expect(refuse("routing.id=lor")).toMatch(/^routing\.id: Unknown routing policy "lor"/);
    expect(refuse("__proto__.x=1")).toMatch(/Unknown field/);
    expect(refuse("pools[0].batching.params.__proto__=1")).toMatch(/Unknown field "__proto__"/);
  });
});
