import { createEngine } from "/work/main/src/engine/index.ts";
import { routing } from "/work/main/src/policies/routing/index.ts";
import { batching } from "/work/main/src/policies/batching/index.ts";
import { admission } from "/work/main/src/policies/admission/index.ts";
import { autoscaling } from "/work/main/src/policies/autoscaling/index.ts";
import { randomStream } from "/work/main/src/engine/kernel/random.ts";
import { drawExponential, exp, drawNormal } from "/work/main/src/engine/kernel/math.ts";
import { createHash } from "node:crypto";
const N = +process.argv[2] || 100000, R = 16;
const rate = +(process.argv[3] ?? 14*16*0.7);
const blocks = +(process.argv[4] ?? 25000);
const bid = process.argv[5] ?? "sarathi";
const rnd = randomStream(1, "t");
const at = new Float64Array(N), P = new Int32Array(N), D = new Int32Array(N);
let t = 0;
for (let i = 0; i < N; i++) { t += drawExponential(rnd) / rate; at[i] = t; P[i] = Math.max(1, Math.min(8000, exp(6.5 + drawNormal(rnd)))) | 0; D[i] = Math.max(1, Math.min(1500, exp(4.9 + 0.8 * drawNormal(rnd)))) | 0; }
function source() { const state = { i: 0 }; return { state, expected: N, duration: at[N - 1], nextAt: () => state.i < N ? at[state.i] : Infinity, take: (r: any) => { const i = state.i++; r.arrivedAt = at[i]; r.promptTokens = P[i]; r.outputTokens = D[i]; r.tenant = i % 3; r.sloClass = 0; r.session = -1; r.prefixStart = 0; r.prefixCount = 0; } }; }
const a = 0.008, b = 4.5e-5, c = 2.2e-8;
const latency = { iteration: (s: any) => a + b * (s.prefillTokens + s.decodeRequests) + c * (s.decodeContext + s.prefillContext), decodeForm: (n: number, ctx: number, f: any) => { f.base = a + b * n; f.perContext = c; f.below = Infinity; } };
function config(step: boolean, router: string): any {
  return { seed: 1, source: source(), tenants: ["a", "b", "c"].map((name) => ({ name, sloClass: 0, weight: 1 })), sloClasses: [{ name: "x", ttft: 1, tpot: 0.05, e2e: Infinity }],
    pools: [{ name: "chat", role: "mixed", gpu: "h100", replicas: R, gpusPerReplica: 1, stages: +(process.env.PP ?? 1), pricePerReplicaHour: 4, batching: { definition: batching.find((x) => x.id === bid), values: {} }, autoscaling: { definition: autoscaling[0], values: {} }, latency, startupSeconds: 10, kvBlocks: blocks, blockSize: 16, kvBytesPerToken: 100000 }],
    routing: { definition: routing.find((x) => x.id === router), values: {} }, admission: { definition: admission[0], values: {} }, loadStaleness: 0, faults: process.env.FAULT ? [{at: 20, kind: "crash", pool: 0, position: 2, replaceAfter: 15},{at: 30, kind: "reclaim", pool: 0, position: 3, replaceAfter: 5}] : [], network: { bytesPerS: 1e10, latencyS: 0.001 }, step };
}
function run(step: boolean, router: string) {
  const e = createEngine(config(step, router), { keepRequests: true });
  const c0 = process.cpuUsage(); const t0 = performance.now();
  e.simulation.runUntil(Infinity); e.simulation.finish();
  const t1 = performance.now();
  const s = e.summary(true);
  const t2 = performance.now(); const c2 = process.cpuUsage(c0);
  const h = createHash("sha1"); h.update(JSON.stringify(s)); const log = e.requests(); for (const k of Object.keys(log)) if (k !== "length") h.update(new Uint8Array((log as any)[k].buffer)); h.update(JSON.stringify(e.series())); h.update(JSON.stringify(e.fleet()));
  return { router, step, ms: (t1 - t0) | 0, sum: (t2 - t1) | 0, cpu: (c2.user+c2.system)/1000|0, rps: (N / (t2 - t0) * 1000) | 0, ev: e.simulation.events / N, it: e.simulation.iterations / N, hash: h.digest("hex").slice(0, 10), s };
}
for (const r of (process.env.ROUTERS ?? "least-outstanding").split(",")) for (const step of process.env.NOSTEP ? [false, false, false] : [false, true]) { const { s, ...o } = run(step, r); console.log(JSON.stringify(o)); if (process.env.V) console.log(JSON.stringify(s, null, 1)); }
if (process.env.SNAP) {
  const mk = () => createEngine(config(false, "least-outstanding"), { keepRequests: true });
  const fin = (e: any) => { e.simulation.runUntil(Infinity); e.simulation.finish(); const h = createHash("sha1"); h.update(JSON.stringify(e.summary(true))); const log = e.requests(); for (const k of Object.keys(log)) if (k !== "length") h.update(new Uint8Array((log as any)[k].buffer)); h.update(JSON.stringify(e.series())); h.update(JSON.stringify(e.fleet())); return h.digest("hex").slice(0, 10); };
  const a = mk(); console.log(fin(a));
  const b = mk(); b.simulation.runUntil(Infinity, 23456); const t = performance.now(); const s = b.simulation.snapshot(); console.log("snapshot ms", performance.now() - t); console.log(fin(b));
  const c = mk(); c.simulation.restore(s); console.log(fin(c)); const d = mk(); d.simulation.restore(s); console.log(fin(d));
}
