// A small time-stepped fleet that fills a RunPicture and a RequestLog, deterministic from a seed. For tests and screenshots of
// panels only: it is no part of the page, and its numbers mean nothing.
import { ReplicaState, Status } from "../../engine/contracts.ts";
import type { Cdf, Distribution, FleetEvent, ReplicaSamples, RequestLog, RequestTimeline, Summary } from "../../engine/metrics/results.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { RunPicture } from "../rpc/protocol.ts";

export interface TestPool {
  readonly name: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly price: number;
  readonly replicas: number;
  readonly cap: number;
  /** Relative speed; 1 = about 6 requests per second and replica. */
  readonly speed: number;
}

export interface TestRunOptions {
  readonly seed?: number;
  readonly pools?: readonly TestPool[];
  /** Simulated end, and how far the run has come. */
  readonly end?: number;
  readonly now?: number;
  readonly bucket?: number;
  readonly rate?: (t: number) => number;
  /** Replicas that come and go: [pool, number from 1, ordered at, ready after, drains at]. */
  readonly scaled?: readonly { pool: number; from: number; ready: number; drain?: number }[];
  readonly crash?: readonly { replica: string; at: number; back: number }[];
  readonly reclaim?: readonly { replica: string; at: number }[];
}

export const TEST_POOLS: readonly TestPool[] = [
  { name: "chat", gpu: "H100", gpus: 4, price: 11.96, replicas: 5, cap: 96, speed: 1 },
  { name: "spot", gpu: "A100", gpus: 4, price: 7.56, replicas: 4, cap: 96, speed: 0.5 },
];
export const TEST_SLO = { ttft: 2, tpot: 0.08 };
const TENANTS = ["assistant", "coder", "batch"];

function generator(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Live {
  id: number;
  at: number;
  tenant: number;
  prompt: number;
  output: number;
  left: number;
  made: number;
  routed: number;
  scheduled: number;
  first: number;
  end: number;
  replica: number;
}

interface Rep {
  name: string;
  pool: number;
  state: ReplicaState;
  readyAt: number;
  drainAt: number;
  run: Live[];
  wait: Live[];
  from: number;
  rows: number[][];
}

const burst = (t: number): number => {
  const m = t / 60;
  return 21 + 4 * Math.sin(m / 3.1) + (m > 8 && m < 14.5 ? 22 * Math.min(1, (m - 8) / 1.2, (14.5 - m) / 1.6) : 0) + 2 * Math.sin(t / 17);
};

export function quantile(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return NaN;
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] as number;
  return a + ((sorted[Math.min(sorted.length - 1, low + 1)] as number) - a) * (at - low);
}

function distribution(values: readonly number[]): Distribution {
  const s = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (s.length === 0) return { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const q = (p: number): number => quantile(s, p);
  return {
    count: s.length,
    mean: s.reduce((a, b) => a + b, 0) / s.length,
    p50: q(0.5),
    p90: q(0.9),
    p95: q(0.95),
    p99: q(0.99),
    max: q(1),
  };
}

function cdf(values: readonly number[]): Cdf {
  const s = Float64Array.from(values.filter(Number.isFinite)).sort();
  const count = Math.min(200, s.length);
  const share = Float64Array.from({ length: count }, (_, i) => (i + 1) / count);
  return { seconds: share.map((p) => s[Math.ceil(p * s.length) - 1] as number), share };
}

export interface TestRun {
  readonly picture: RunPicture;
  readonly requests: RequestLog;
  readonly scenario: Scenario;
  timeline(id: number): RequestTimeline | null;
}

export function testRun(options: TestRunOptions = {}): TestRun {
  const { seed = 7, pools = TEST_POOLS, end = 1800, now = end, bucket = 5, rate = burst, scaled = [], crash = [], reclaim = [] } = options;
  const random = generator(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const events: FleetEvent[] = [];
  const replicas: Rep[] = [];
  const add = (pool: number, state: ReplicaState, readyAt: number, drainAt = Infinity, from = 0): void => {
    const count = replicas.filter((r) => r.pool === pool).length;
    replicas.push({ name: `${pools[pool]?.name[0]}${count + 1}`, pool, state, readyAt, drainAt, run: [], wait: [], from, rows: [] });
  };
  pools.forEach((pool, p) => {
    for (let i = 0; i < pool.replicas; i++) add(p, ReplicaState.ready, 0);
  });
  replicas.forEach((_, i) => events.push({ at: 0, replica: i, state: ReplicaState.ready, reason: "initial" }));
  const length = Math.floor(now / bucket) + 1;
  const column = (): Float64Array => new Float64Array(length);
  const series = {
    arrivals: column(),
    completions: column(),
    refusals: column(),
    late: column(),
    preemptions: column(),
    inputTokens: column(),
    outputTokens: column(),
  };
  const tenantTokens = TENANTS.map(column);
  const poolRows = pools.map(() => ({
    ready: [] as number[],
    starting: [] as number[],
    draining: [] as number[],
    failed: [] as number[],
    cost: [] as number[],
  }));
  const done: Live[] = [];
  const all: Live[] = [];
  const dt = 0.1;
  let next = -Math.log(1 - random()) / rate(0);
  const pick = (): Rep | undefined => {
    let best: Rep | undefined;
    let load = Infinity;
    for (const r of replicas) {
      if (r.state !== ReplicaState.ready) continue;
      const v = (r.run.length + r.wait.length) / (pools[r.pool]?.speed ?? 1);
      if (v < load) [load, best] = [v, r];
    }
    return best;
  };
  const bin = (target: Float64Array, at: number, by = 1): void => {
    const i = Math.floor(at / bucket);
    if (i < length) target[i] = (target[i] as number) + by;
  };
  const steps = Math.round(now / dt);
  for (let step = 0; step <= steps; step++) {
    const t = step * dt;
    for (const s of scaled)
      if (Math.abs(s.from - t) < dt / 2) {
        add(s.pool, ReplicaState.starting, s.ready, s.drain, Math.ceil(t / bucket));
        events.push({ at: t, replica: replicas.length - 1, state: ReplicaState.starting, until: s.ready, reason: "autoscaler" });
      }
    replicas.forEach((r, i) => {
      const say = (state: ReplicaState, reason: FleetEvent["reason"], until?: number): void => {
        r.state = state;
        events.push({ at: t, replica: i, state, reason, ...(until === undefined ? {} : { until }) });
      };
      if (r.state === ReplicaState.starting && t >= r.readyAt) say(ReplicaState.ready, "ready");
      if (r.state === ReplicaState.ready && t >= r.drainAt) say(ReplicaState.draining, "autoscaler");
      for (const c of crash) {
        if (c.replica !== r.name) continue;
        if (Math.abs(c.at - t) < dt / 2) {
          const lost = [...r.run, ...r.wait];
          r.run = [];
          r.wait = [];
          say(ReplicaState.failed, "fault");
          for (const q of lost) {
            q.left = q.prompt;
            q.made = 0;
            pick()?.wait.push(q);
          }
        }
        if (Math.abs(c.back - t) < dt / 2) {
          r.readyAt = t + 45;
          say(ReplicaState.starting, "recovered", t + 45);
        }
      }
      for (const c of reclaim) if (c.replica === r.name && Math.abs(c.at - t) < dt / 2) say(ReplicaState.draining, "reclaim");
      if (r.state === ReplicaState.draining && r.run.length + r.wait.length === 0) say(ReplicaState.gone, "drained");
    });
    while (next <= t) {
      const u = random();
      const tenant = u < 0.52 ? 0 : u < 0.83 ? 1 : 2;
      const prompt = Math.max(16, Math.min(8000, Math.round(Math.exp(([6.7, 7.35, 6.1][tenant] ?? 6) + 0.75 * gauss()))));
      const output = Math.max(2, Math.min(1600, Math.round(Math.exp(([5.1, 4.6, 5.6][tenant] ?? 5) + 0.6 * gauss()))));
      const r = pick();
      const q: Live = {
        id: all.length,
        at: next,
        tenant,
        prompt,
        output,
        left: prompt,
        made: 0,
        routed: next + 0.002,
        scheduled: NaN,
        first: NaN,
        end: NaN,
        replica: r ? replicas.indexOf(r) : 0,
      };
      all.push(q);
      bin(series.arrivals, next);
      r?.wait.push(q);
      next += -Math.log(1 - random()) / rate(next);
    }
    for (let i = 0; i < replicas.length; i++) {
      const r = replicas[i] as Rep;
      if (r.state !== ReplicaState.ready && r.state !== ReplicaState.draining) continue;
      const pool = pools[r.pool] as TestPool;
      while (r.wait.length > 0 && r.run.length < pool.cap) {
        const q = r.wait.shift() as Live;
        if (Number.isNaN(q.scheduled)) q.scheduled = t;
        q.replica = i;
        r.run.push(q);
      }
      let prefill = 11000 * pool.speed * dt * 0.7;
      const decoding = r.run.filter((q) => q.left <= 0).length;
      const stepSeconds = (0.016 + 0.00085 * decoding) / (0.5 + pool.speed / 2);
      for (const q of r.run) {
        if (q.left > 0) {
          const used = Math.min(q.left, prefill);
          prefill -= used;
          q.left -= used;
          bin(series.inputTokens, t, used);
          bin(tenantTokens[q.tenant] as Float64Array, t, used);
          if (q.left <= 0) {
            if (Number.isNaN(q.first)) q.first = t + dt;
            q.made = 1;
          }
        } else {
          const made = Math.min(q.output - q.made, dt / stepSeconds);
          q.made += made;
          bin(series.outputTokens, t, made);
          bin(tenantTokens[q.tenant] as Float64Array, t, made);
          if (q.made >= q.output - 1e-6) {
            q.end = t + dt;
            done.push(q);
            bin(series.completions, q.end);
          }
        }
      }
      if (r.run.some((q) => !Number.isNaN(q.end))) r.run = r.run.filter((q) => Number.isNaN(q.end));
    }
    if (step % Math.round(bucket / dt) === 0) {
      for (const r of replicas) {
        const kv = r.run.reduce((sum, q) => sum + Math.ceil((q.prompt - q.left + q.made) / 16), 0);
        r.rows.push([
          r.state,
          r.run.filter((q) => q.left <= 0).length,
          r.run.filter((q) => q.left > 0).length,
          r.wait.length,
          Math.min(7800, kv),
          r.run.length ? 1 : 0,
        ]);
      }
      pools.forEach((pool, p) => {
        const of = (state: ReplicaState): number => replicas.filter((r) => r.pool === p && r.state === state).length;
        const rows = poolRows[p];
        if (!rows) return;
        rows.ready.push(of(ReplicaState.ready));
        rows.starting.push(of(ReplicaState.starting));
        rows.draining.push(of(ReplicaState.draining));
        rows.failed.push(of(ReplicaState.failed));
        rows.cost.push(pool.price * (of(ReplicaState.ready) + of(ReplicaState.starting) + of(ReplicaState.draining)));
      });
    }
  }
  const tpotOf = (q: Live): number => (q.end - q.first) / (q.output - 1);
  const met = (q: Live): boolean => q.first - q.at <= TEST_SLO.ttft && tpotOf(q) <= TEST_SLO.tpot;
  const byBucket = (key: "first" | "end", value: (q: Live) => number): Float64Array[] => {
    const bins = Array.from({ length }, () => [] as number[]);
    for (const q of done) bins[Math.floor(q[key] / bucket)]?.push(value(q));
    const sorted = bins.map((b) => Float64Array.from(b).sort());
    return [0.5, 0.9, 0.99].map((p) => Float64Array.from(sorted, (s) => quantile(s, p)));
  };
  const [ttftP50, ttftP90, ttftP99] = byBucket("first", (q) => q.first - q.at) as [Float64Array, Float64Array, Float64Array];
  const [tpotP50, tpotP90, tpotP99] = byBucket("end", tpotOf) as [Float64Array, Float64Array, Float64Array];
  for (const q of done) if (!met(q)) bin(series.late, q.at);

  const ttft = done.map((q) => q.first - q.at);
  const tpot = done.map(tpotOf);
  const e2e = done.map((q) => q.end - q.at);
  const late = done.filter((q) => !met(q)).length;
  const attainment = done.length ? 1 - late / done.length : null;
  const perHour = poolRows.reduce((sum, rows) => sum + rows.cost.reduce((a, b) => a + b, 0) / Math.max(1, rows.cost.length), 0);
  const tokens = done.reduce((sum, q) => sum + q.prompt + q.output, 0);
  const cost = (perHour * now) / 3600;
  const summary: Summary = {
    requests: { total: all.length, completed: done.length, refused: 0, failed: 0, unfinished: all.length - done.length },
    makespan: now,
    throughput: { requestsPerS: done.length / now, inputTokensPerS: 0, outputTokensPerS: 0 },
    ttft: distribution(ttft),
    tpot: distribution(tpot),
    itl: distribution(tpot),
    e2e: distribution(e2e),
    queueing: distribution(done.map((q) => q.scheduled - q.at)),
    slo: {
      attainment,
      goodputPerS: (done.length - late) / now,
      late,
      classes: [
        {
          name: "interactive",
          requests: done.length,
          attainment,
          ttftAttainment: ttft.filter((v) => v <= TEST_SLO.ttft).length / done.length,
          tpotAttainment: tpot.filter((v) => v <= TEST_SLO.tpot).length / done.length,
          e2eAttainment: null,
          goodputPerS: (done.length - late) / now,
        },
      ],
    },
    cost: {
      total: cost,
      perHour,
      perMillionInputTokens: (cost / tokens) * 1e6,
      perMillionOutputTokens: (cost / tokens) * 1e6,
      perMillionTokens: (cost / tokens) * 1e6,
    },
    fleet: {
      replicaSeconds: 0,
      gpuSeconds: 0,
      utilisation: 0.7,
      kvUseMean: 0.4,
      kvUsePeak: 0.95,
      mfu: 0.3,
      preemptions: 0,
      cacheHitRate: 0,
      iterations: 0,
    },
    tenants: TENANTS.map((name, tenant) => {
      const of = done.filter((q) => q.tenant === tenant);
      return {
        name,
        requests: of.length,
        completed: of.length,
        attainment,
        inputTokens: 0,
        outputTokens: 0,
        ttft: distribution(of.map((q) => q.first - q.at)),
        tpot: distribution(of.map(tpotOf)),
        e2e: distribution(of.map((q) => q.end - q.at)),
      };
    }),
    pools: pools.map((pool) => ({
      name: pool.name,
      requests: 0,
      replicaSeconds: 0,
      gpuSeconds: 0,
      cost: 0,
      utilisation: 0.7,
      kvUseMean: 0.4,
      mfu: 0.3,
      preemptions: 0,
      kvBlocks: 8000,
    })),
  };
  const batchSize = new Float64Array(97);
  for (const r of replicas)
    for (const row of r.rows)
      if (row[0] === ReplicaState.ready) batchSize[Math.min(96, (row[1] as number) + (row[2] as number))]! += bucket;
  const replicaSamples: ReplicaSamples[] = replicas.map((r) => ({
    name: r.name,
    pool: r.pool,
    kvBlocks: 8000,
    from: r.from,
    state: Uint8Array.from(r.rows, (row) => row[0] as number),
    decoding: Uint16Array.from(r.rows, (row) => row[1] as number),
    prefilling: Uint16Array.from(r.rows, (row) => row[2] as number),
    waiting: Uint32Array.from(r.rows, (row) => row[3] as number),
    kvUsedBlocks: Uint32Array.from(r.rows, (row) => row[4] as number),
    busy: Float32Array.from(r.rows, (row) => row[5] as number),
  }));
  const picture: RunPicture = {
    revision: 1,
    progress: { phase: now < end ? "running" : "finished", done: done.length, total: NaN, simTime: now, simEnd: end, wallMs: 0, text: "" },
    summary,
    series: { bucketSeconds: bucket, length, ...series, ttftP50, ttftP90, ttftP99, tpotP50, tpotP90, tpotP99, tenantTokens },
    fleet: {
      sampleSeconds: bucket,
      length,
      heldAtRouter: new Uint32Array(length),
      pools: pools.map((pool, p) => ({
        name: pool.name,
        gpu: pool.gpu,
        gpusPerReplica: pool.gpus,
        pricePerReplicaHour: pool.price,
        batchCap: pool.cap,
        ready: Uint16Array.from(poolRows[p]?.ready ?? []),
        starting: Uint16Array.from(poolRows[p]?.starting ?? []),
        draining: Uint16Array.from(poolRows[p]?.draining ?? []),
        leaving: new Uint16Array(length),
        failed: Uint16Array.from(poolRows[p]?.failed ?? []),
        costPerHour: Float64Array.from(poolRows[p]?.cost ?? []),
      })),
      replicas: replicaSamples,
    },
    events,
    decisions: [],
    cdfs: { ttft: cdf(ttft), tpot: cdf(tpot), e2e: cdf(e2e) },
    load: { batchSize, maxOverMin: 1.8, cv: 0.21, jain: 0.96 },
  };
  const requests: RequestLog = {
    length: done.length,
    id: Int32Array.from(done, (q) => q.id),
    tenant: Uint16Array.from(done, (q) => q.tenant),
    sloClass: new Uint8Array(done.length),
    status: new Uint8Array(done.length).fill(Status.completed),
    met: Uint8Array.from(done, (q) => (met(q) ? 1 : 0)),
    pool: Int16Array.from(done, (q) => replicas[q.replica]?.pool ?? 0),
    replica: Int32Array.from(done, (q) => q.replica),
    promptTokens: Int32Array.from(done, (q) => q.prompt),
    outputTokens: Int32Array.from(done, (q) => q.output),
    preemptions: new Uint16Array(done.length),
    cachedTokens: new Int32Array(done.length),
    predictedTokens: new Int32Array(done.length).fill(-1),
    arrivedAt: Float64Array.from(done, (q) => q.at),
    scheduledAt: Float64Array.from(done, (q) => q.scheduled),
    firstTokenAt: Float64Array.from(done, (q) => q.first),
    finishedAt: Float64Array.from(done, (q) => q.end),
  };
  const scenario = {
    version: 1,
    name: "Chat burst, one crash",
    seed,
    tenants: TENANTS.map((name) => ({ name, share: 1, sloClass: "interactive", weight: 1 })),
    sloClasses: [{ name: "interactive", ttft: TEST_SLO.ttft, tpot: TEST_SLO.tpot, e2e: null }],
    pools: pools.map((pool) => ({ name: pool.name, startupSeconds: 45 })),
  } as unknown as Scenario;
  return { picture, requests, scenario, timeline: (id) => testTimeline(all[id], replicas, bucket) };
}

function testTimeline(q: Live | undefined, replicas: readonly Rep[], bucket: number): RequestTimeline | null {
  if (!q || Number.isNaN(q.end)) return null;
  const r = replicas[q.replica] as Rep;
  const at: number[] = [];
  for (let t = q.at; t < q.end + 1; t += 1) at.push(t);
  const row = (t: number): number[] => r.rows[Math.floor(t / bucket) - r.from] ?? [1, 0, 0, 0, 0, 0];
  const on = q.replica;
  return {
    id: q.id,
    events: [
      { at: q.at, kind: "arrived", replica: -1 },
      { at: q.routed, kind: "routed", replica: on },
      { at: q.scheduled, kind: "scheduled", replica: on },
      ...[1, 2, 3, 4].map((k) => ({
        at: q.scheduled + ((q.first - q.scheduled) * k) / 4,
        since: q.scheduled + ((q.first - q.scheduled) * (k - 1)) / 4,
        kind: "chunk" as const,
        replica: on,
        tokens: Math.ceil(q.prompt / 4),
        sharedWith: 90,
      })),
      { at: q.first, kind: "first-token", replica: on },
      { at: q.end, kind: "finished", replica: on },
    ],
    choice: null,
    cachedTokens: 0,
    replica: {
      index: on,
      at: Float64Array.from(at),
      running: Float64Array.from(at, (t) => (row(t)[1] as number) + (row(t)[2] as number)),
      waiting: Float64Array.from(at, (t) => row(t)[3] as number),
    },
  };
}

/** The run most panels are looked at with: a burst, a crash, a reclaimed replica, replicas that start and drain. */
export const burstRun = (part: TestRunOptions = {}): TestRun =>
  testRun({
    now: 1328,
    scaled: [
      { pool: 0, from: 90, ready: 135, drain: 900 },
      { pool: 0, from: 540, ready: 585, drain: 1020 },
      { pool: 0, from: 560, ready: 605 },
      { pool: 0, from: 575, ready: 620, drain: 880 },
    ],
    crash: [{ replica: "c3", at: 565, back: 715 }],
    reclaim: [{ replica: "s4", at: 581 }],
    ...part,
  });

/** Two replicas and six buckets of 10 s with numbers written by hand: small enough to check a figure line by line. */
export function tinyPicture(): RunPicture {
  const none: Distribution = { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const of = (...values: number[]): Float64Array => Float64Array.from(values);
  const base = testRun({
    end: 60,
    now: 0.1,
    bucket: 10,
    pools: [{ name: "chat", gpu: "h100-sxm", gpus: 4, price: 10, replicas: 1, cap: 8, speed: 1 }],
  }).picture;
  const { ready, starting, failed } = ReplicaState;
  return {
    ...base,
    progress: { ...base.progress, phase: "running", simTime: 55, simEnd: 80 },
    summary: { ...base.summary, ttft: { ...none, count: 4, p50: 0.4, p90: 1.5, p99: 2.5 }, tenants: base.summary.tenants.slice(0, 2) },
    series: {
      ...base.series,
      bucketSeconds: 10,
      length: 6,
      arrivals: of(10, 20, 30, 20, 10, 5),
      completions: of(0, 10, 20, 30, 20, 5),
      refusals: of(0, 0, 0, 0, 0, 0),
      late: of(0, 0, 5, 5, 0, 0),
      ttftP50: of(NaN, 0.2, 0.5, 1, 0.4, 0.2),
      ttftP90: of(NaN, 0.4, 1, 3, 0.8, 0.4),
      ttftP99: of(NaN, 0.5, 2, 5, 1, 0.5),
      tpotP50: of(NaN, 0.02, 0.03, 0.05, 0.03, 0.02),
      tpotP90: of(NaN, 0.03, 0.05, 0.09, 0.04, 0.03),
      tpotP99: of(NaN, 0.04, 0.06, 0.1, 0.05, 0.04),
      tenantTokens: [of(1000, 2000, 4000, 3000, 1000, 500), of(500, 500, 500, 500, 500, 500)],
    },
    fleet: {
      sampleSeconds: 10,
      length: 6,
      heldAtRouter: Uint32Array.of(0, 0, 0, 3, 0, 0),
      pools: [
        {
          name: "chat",
          gpu: "h100-sxm",
          gpusPerReplica: 4,
          pricePerReplicaHour: 10,
          batchCap: 8,
          ready: Uint16Array.of(1, 1, 1, 2, 1, 1),
          starting: Uint16Array.of(0, 1, 1, 0, 0, 0),
          draining: Uint16Array.of(0, 0, 0, 0, 0, 0),
          leaving: new Uint16Array(6),
          failed: Uint16Array.of(0, 0, 0, 0, 1, 1),
          costPerHour: of(10, 20, 20, 20, 10, 10),
        },
      ],
      replicas: [
        {
          name: "c1",
          pool: 0,
          kvBlocks: 100,
          from: 0,
          state: Uint8Array.of(ready, ready, ready, ready, ready, ready),
          decoding: Uint16Array.of(1, 4, 6, 6, 4, 2),
          prefilling: Uint16Array.of(0, 1, 2, 2, 1, 0),
          waiting: Uint32Array.of(0, 0, 3, 12, 1, 0),
          kvUsedBlocks: Uint32Array.of(10, 40, 80, 100, 50, 20),
          busy: Float32Array.of(0, 1, 1, 1, 1, 0.5),
        },
        {
          name: "c2",
          pool: 0,
          kvBlocks: 100,
          from: 1,
          state: Uint8Array.of(starting, starting, ready, failed, failed),
          decoding: Uint16Array.of(0, 0, 3, 0, 0),
          prefilling: Uint16Array.of(0, 0, 1, 0, 0),
          waiting: Uint32Array.of(0, 0, 0, 0, 0),
          kvUsedBlocks: Uint32Array.of(0, 0, 20, 0, 0),
          busy: Float32Array.of(0, 0, 1, 0, 0),
        },
      ],
    },
    events: [
      { at: 0, replica: 0, state: ready, reason: "initial" },
      { at: 8, replica: 1, state: starting, until: 28, reason: "autoscaler" },
      { at: 28, replica: 1, state: ready, reason: "ready" },
      { at: 38, replica: 1, state: failed, reason: "fault" },
    ],
    cdfs: {
      ttft: { seconds: of(0.2, 0.4, 1, 4), share: of(0.25, 0.5, 0.75, 1) },
      tpot: { seconds: of(0.02, 0.1), share: of(0.5, 1) },
      e2e: { seconds: of(1, 10), share: of(0.5, 1) },
    },
    load: { batchSize: of(10, 0, 20, 0, 30, 0, 40, 0, 0), maxOverMin: 1.5, cv: 0.2, jain: 0.96 },
  };
}
