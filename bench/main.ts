// npm run -s bench -- <engine | trace-memory | vidur | autoscaling | prefix | goodput | sweep | fit | page> [options]: each prints one line of JSON; what it is doing goes to stderr when that is a terminal.
import { autoscalingBench } from "./autoscaling.ts";
import { engine } from "./engine.ts";
import { prefixBench } from "./prefix.ts";
import { goodputBench } from "./goodput.ts";
import { fitBench } from "./fit.ts";
import { pageBench } from "./page.ts";
import { fail } from "./processes.ts";
import { sweepBench } from "./sweep.ts";
import { traceMemory } from "./trace-memory.ts";
import { vidur } from "./vidur.ts";

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  engine,
  "trace-memory": traceMemory,
  vidur,
  autoscaling: autoscalingBench,
  prefix: prefixBench,
  goodput: goodputBench,
  sweep: sweepBench,
  fit: fitBench,
  page: pageBench,
};

const [name = "", ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) fail(`Unknown bench "${name}". Known: ${Object.keys(benches).join(", ")}.`);
try {
  await bench(args);
} catch (error) {
  // What parseArgs says of a wrong option is a sentence already.
  if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) fail(error.message);
  throw error;
}
