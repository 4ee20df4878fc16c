// Scenarios that run on operator tables: the profile is found by its hash, leaping gives the bytes of stepping, limits beyond it are told.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openProfile } from "../latency/operator-table-model.ts";
import { testProfile } from "../latency/testing-profile.ts";
import { complete } from "./complete.ts";
import type { ScenarioDraft } from "./complete.ts";
import { profilesOf, withProfile } from "./profile-refs.ts";
import { beyondProfile, lengthsOf, openProfiles } from "./profiles.ts";
import { createRun } from "./run.ts";
import { createSession } from "./session.ts";
import type { PictureMessage } from "./session-types.ts";
import type { Scenario } from "./types.ts";

const ref = { hash: "a".repeat(64), file: "measured" };
const other = { hash: "b".repeat(64), file: "other" };
const named = { ...ref, profile: testProfile };
const profiles = openProfiles([named]);
const traffic = (requests: number, rate: number): ScenarioDraft["traffic"] => ({
  source: {
    kind: "synthetic",
    arrivals: { id: "poisson", params: { rate } },
    lengths: { id: "uniform", params: { promptMin: 1, promptMax: 900, outputMin: 1, outputMax: 300 } },
  },
  maxRequests: requests,
  maxSeconds: null,
});
const small = (draft: ScenarioDraft = {}): Scenario =>
  withProfile(complete({ model: "llama-3.1-8b", traffic: traffic(40, 3), pools: [{ name: "main", replicas: 2 }], ...draft }), ref);

const resultOf = (scenario: Scenario, step: boolean): string => {
  const run = createRun(scenario, { trace: null, step, workloads: [], keepRequests: true, profiles });
  run.runUntil(Infinity);
  const { summary, requests } = run.results();
  return JSON.stringify([summary, requests!.firstTokenAt, requests!.finishedAt]);
};

describe("a scenario and its profiles", () => {
  const two = complete({ pools: [{ name: "a", latency: { id: "linear" } }, { name: "b" }] });

  test("one profile for all pools, or for one; other parameters of operator tables stay", () => {
    const all = withProfile(two, ref);
    expect(all.pools.map(({ latency }) => latency)).toEqual([1, 2].map(() => ({ id: "operator-table", params: { profile: ref } })));
    const edited = {
      ...all,
      pools: all.pools.map((pool) => ({ ...pool, latency: { ...pool.latency, params: { profile: ref, cpuPerIteration: 5 } } })),
    };
    const mixed = withProfile(edited, other, 1);
    expect(mixed.pools[1]!.latency.params).toEqual({ profile: other, cpuPerIteration: 5 });
    expect(profilesOf(mixed)).toEqual([ref, other]);
    expect(profilesOf(all)).toEqual([ref]);
    expect(profilesOf(two)).toEqual([]);
  });

  test("a missing profile, and a shard that it does not hold, are sentences with the path", () => {
    const start = (scenario: Scenario, given = profiles) =>
      createRun(scenario, { trace: null, step: false, workloads: [], keepRequests: false, profiles: given });
    expect(() => start(withProfile(small(), other))).toThrow(
      /^pools\[0\]\.latency: The scenario needs the profile "other" \(SHA-256 b{64}\)\. Give its files/,
    );
    const keyed = openProfile(
      { ...testProfile, tables: testProfile.tables.map((table) => ({ ...table, keys: { tensorParallel: 2 } })) },
      "measured",
    );
    expect(() => start(small(), new Map([[ref.hash, keyed]]))).toThrow(
      /^pools\[0\]\.latency: The profile "measured" has no operators by tokens for Llama 3.1 8B/,
    );
  });
});

test("leaping gives the bytes of stepping", () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(1000),
        scheduler: fc.constantFrom("sarathi", "vllm"),
        rate: fc.constantFrom(0.5, 3, 20),
        stages: fc.constantFrom(1, 1, 2),
        blocks: fc.constantFrom(80, 150, 5000),
        batchCap: fc.constantFrom(3, 100, 256),
      }),
      ({ seed, scheduler, rate, stages, blocks, batchCap }) => {
        const scenario = small({
          seed,
          traffic: traffic(60, rate)!,
          pools: [
            {
              name: "main",
              replicas: 2,
              pipelineParallel: stages,
              batching: { id: scheduler, params: { batchCap } },
              kv: { blocks },
            },
          ],
        });
        expect(resultOf(scenario, false)).toBe(resultOf(scenario, true));
      },
    ),
    { numRuns: 40 },
  );
});

describe("what the profile was not measured for", () => {
  const open = openProfile(testProfile, "measured");
  const beyond = (params: Record<string, number>, lengths: readonly [number, number][] = []) => {
    const scenario = small({ pools: [{ name: "main", batching: { id: "sarathi", params } }] });
    return beyondProfile(
      scenario,
      scenario.pools[0]!,
      open,
      lengths.map(([promptTokens, outputTokens]) => ({ promptTokens, outputTokens })),
    );
  };

  test("limits of the scheduler", () => {
    expect(beyond({ chunk: 1024, batchCap: 64 })).toEqual([]);
    expect(beyond({ chunk: 1025, batchCap: 65 })).toEqual([
      "chunk 1,025 allows more than the 1,024 tokens of an iteration that the profile was measured for: times beyond are extrapolated.",
      "batchCap 65 allows more than the 64 decoding requests that the profile was measured for: times beyond are extrapolated.",
    ]);
  });

  test("requests that grew beyond its contexts", () => {
    const fits = { chunk: 512, batchCap: 8 };
    expect(beyond(fits, [[2000, 48]])).toEqual([]);
    expect(
      beyond(fits, [
        [2000, 49],
        [9000, 100],
        [1, 1],
      ]),
    ).toEqual([
      "2 requests grow beyond the 2,048 tokens of context that the profile was measured for, up to 9,100: times beyond are extrapolated.",
    ]);
    const log = { length: 3, pool: Uint16Array.of(0, 1, 0), promptTokens: Int32Array.of(1, 2, 3), outputTokens: Int32Array.of(4, 5, 6) };
    expect([...lengthsOf(log as never, 0)]).toEqual([
      { promptTokens: 1, outputTokens: 4 },
      { promptTokens: 3, outputTokens: 6 },
    ]);
  });
});

function deferred() {
  let resolve = (_picture: PictureMessage): void => undefined;
  let reject = (_error: Error): void => undefined;
  const promise = new Promise<PictureMessage>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

test("a session keeps the profile of its run, and forgets it with the scenario that named it", async () => {
  const session = createSession();
  const finish = async (scenario: Scenario, given: readonly (typeof named)[] = []): Promise<PictureMessage> => {
    const { promise, resolve, reject } = deferred();
    await session.start(
      scenario,
      null,
      { speed: "max", skipTo: 0, keepRequests: true, paused: false, profiles: given },
      {
        onPicture: (picture) => {
          if (picture.progress.phase === "finished") resolve(picture);
        },
        onFleet: () => undefined,
        onRequests: () => undefined,
        onCatchUp: () => undefined,
        onError: (text) => reject(new Error(text)),
      },
    );
    return promise;
  };
  const first = await finish(small(), [named]);
  expect(JSON.stringify(first.summary)).toBe(JSON.stringify(JSON.parse(resultOf(small(), false))[0]));
  // Not sent again: another seed on the same profile, and a question about the run.
  const second = await finish(small({ seed: 5 }));
  expect(second.summary.requests.completed).toBe(40);
  expect((await session.timeline(7))?.id).toBe(7);
  await finish(complete({ traffic: traffic(5, 1)! }));
  await expect(finish(small())).rejects.toThrow(/needs the profile "measured"/);
});
