// A sweep on a queue: a real Redis server, workers in processes of their own, one of which is killed in the middle of a run.
import { fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRedis } from "../../../scripts/lib/redis.mjs";
import { QUEUE } from "./names.ts";

const server = findRedis();
if (server === null) console.log("skipped: sweeps on a queue: no redis-server on this machine (Debian: apt-get install redis-server)");

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "goodput-queue-"));
const at = (name: string): string => join(folder, name);

const sweepOf = (requests: number, seeds: number) => ({
  format: "goodput-sweep",
  version: 1,
  scenario: {
    name: "Small",
    seed: 4,
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 20 } }, lengths: { id: "fixed" } },
      maxRequests: requests,
    },
    pools: [{ name: "main", replicas: 2, pricePerGpuHour: 3 }],
  },
  axes: [{ path: "pools[0].replicas", values: [1, 2, 4] }],
  seeds,
});
writeFileSync(at("spec.json"), JSON.stringify(sweepOf(400, 4)));
// Seconds for each run, so that a worker can be killed in the middle of one.
writeFileSync(at("long.json"), JSON.stringify(sweepOf(120_000, 1)));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const apart = (...args: readonly string[]): ChildProcess =>
  fork(MAIN, [...args], { execArgv: ["--import", "tsx"], stdio: ["ignore", "pipe", "pipe", "ipc"] });

async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, out, err };
}

const filesOf = (name: string): Record<string, string> =>
  Object.fromEntries(readdirSync(at(name)).map((file) => [file, readFileSync(join(at(name), file), "utf8")]));

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

describe.skipIf(server === null)("a sweep on a queue", { timeout: 240_000 }, () => {
  let url = "";
  let redis: ChildProcess;
  const workers: ChildProcess[] = [];
  const listen = async (): Promise<ChildProcess> => {
    const child = apart("worker", url);
    workers.push(child);
    await once(child.stderr!, "data");
    return child;
  };

  beforeAll(async () => {
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    redis = spawn(server!, ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // It says when it listens.
    for await (const data of redis.stdout!) if (String(data).includes("Ready to accept connections")) break;
  }, 30_000);

  afterAll(async () => {
    for (const child of workers) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    redis.kill();
    await once(redis, "close");
    rmSync(folder, { recursive: true, force: true });
  });

  test("two workers write the bytes of one process, and nothing is left in the queue", async () => {
    const [first, second] = [await listen(), await listen()];
    const here = await ended(apart("sweep", at("spec.json"), "--jobs", "1", "--out", at("here")));
    const there = await ended(apart("sweep", at("spec.json"), "--queue", url, "--out", at("there")));
    expect(there.err).toBe("");
    expect(there).toEqual(here);
    expect(filesOf("there")).toEqual(filesOf("here"));
    // Told to stop, workers say what they did: each run was done once.
    const counts = await Promise.all(
      [first, second].map(async (child) => {
        const end = ended(child);
        child.kill("SIGINT");
        const { status, err } = await end;
        expect(status).toBe(0);
        return Number(/(\d+) runs done/.exec(err)?.[1]);
      }),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
    const client = new Redis(url);
    const left = (await client.keys(`bull:${QUEUE}:*`)).filter((key) => /[0-9a-f]{64}$/.test(key));
    client.disconnect();
    expect(left).toEqual([]);
  });

  test("a worker that is killed in the middle of a run loses nothing and counts nothing twice", async () => {
    const here = await ended(apart("sweep", at("long.json"), "--jobs", "1", "--out", at("long-here")));
    const doomed = await listen();
    const sweep = ended(apart("sweep", at("long.json"), "--queue", url, "--out", at("long-there")));
    const client = new Redis(url);
    while ((await client.llen(`bull:${QUEUE}:active`)) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    doomed.kill("SIGKILL");
    await once(doomed, "close");
    // The run is still its own: nobody has taken it yet.
    expect(await client.llen(`bull:${QUEUE}:active`)).toBe(1);
    client.disconnect();
    await listen();
    const there = await sweep;
    expect(there).toEqual(here);
    expect(filesOf("long-there")).toEqual(filesOf("long-here"));
  });

  test("a server that is not there, and an address that is none, are one sentence", async () => {
    const port = await freePort();
    const gone = await ended(apart("sweep", at("spec.json"), "--queue", `redis://127.0.0.1:${port}`));
    expect(gone.status).toBe(2);
    expect(gone.err).toMatch(
      /^--queue redis:\/\/127\.0\.0\.1:\d+: There is no Redis server that answers: .*Start one, or give another address\.\n$/,
    );
    const none = await ended(apart("worker", "localhost"));
    expect(none.status).toBe(2);
    expect(none.err).toBe("localhost: This is not the address of a Redis server. Give for example redis://localhost:6379.\n");
  });
});
