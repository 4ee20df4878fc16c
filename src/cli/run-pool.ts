// Where the runs of an experiment happen: in this process, or in as many as are asked for. Each takes the next run when it has room, so that none waits
// while another has runs left. What a process did not finish before it died goes to another.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import type { Measure, MeasuredAnswer, RunScenario } from "../analysis/types.ts";
import type { Scenario } from "../scenario/types.ts";
import { InputError } from "./input-error.ts";
import type { ChildAnswer, ChildMessage } from "./run-child.ts";

const ENTRY = fileURLToPath(new URL("./run-child.ts", import.meta.url));
const MOST_JOBS = 256;

/** Runs that a process holds: the next one is there when it ends one. */
const AHEAD = 2;
/** Processes that may die over one run before it is given up. */
const MOST_DEATHS = 2;

export interface RunPool {
  readonly run: RunScenario;
  readonly jobs: number;
  /** Process ids, of those that are up; none where runs happen here. */
  pids(): number[];
  /** Ends the processes; runs that are not over reject. */
  close(): void;
}

/** --jobs; by default one per core. */
export function jobsOf(given: string | undefined): number {
  if (given === undefined) return availableParallelism();
  const jobs = Number(given);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    throw new InputError(`--jobs ${given}: This is not a number of processes. Give a whole number from 1 to ${MOST_JOBS}.`);
  return jobs;
}

interface Task {
  readonly scenario: Scenario;
  readonly measure: Measure | undefined;
  readonly resolve: (answer: MeasuredAnswer) => void;
  readonly reject: (error: Error) => void;
  deaths: number;
}

function poolHere(files: SweepFiles): RunPool {
  const runner = createSweepRunner();
  let last: Promise<unknown> = runner.useFiles(files);
  let open = true;
  // Lets an interrupt in, and an ending that came meanwhile.
  const breathe = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (!open) throw new Error("The pool was closed.");
  };
  return {
    jobs: 1,
    run: (scenario, measure) => {
      const answer = last.then(breathe).then(() => runner.run(scenario, measure, breathe));
      last = answer.catch(() => undefined);
      return answer;
    },
    pids: () => [],
    close: () => void (open = false),
  };
}

class Processes implements RunPool {
  readonly jobs: number;
  private readonly files: SweepFiles;
  private readonly queue: Task[] = [];
  private readonly held = new Map<ChildProcess, Map<number, Task>>();
  private nextId = 0;
  private open = true;

  constructor(jobs: number, files: SweepFiles) {
    this.jobs = jobs;
    this.files = files;
  }

  readonly run: RunScenario = (scenario, measure) =>
    new Promise((resolve, reject) => {
      this.queue.push({ scenario, measure, resolve, reject, deaths: 0 });
      this.feed();
    });

  pids(): number[] {
    return [...this.held.keys()].flatMap(({ pid }) => pid ?? []);
  }

  close(): void {
    this.open = false;
    const lost = [...this.queue.splice(0), ...[...this.held.values()].flatMap((tasks) => [...tasks.values()])];
    for (const child of this.held.keys()) child.kill("SIGKILL");
    this.held.clear();
    for (const { reject } of lost) reject(new Error("The pool was closed."));
  }

  private feed(): void {
    if (!this.open) return;
    // Evenly: nobody gets a second run before everybody has a first.
    for (let depth = 0; depth < AHEAD; depth++) {
      if (depth === 0) while (this.held.size < this.jobs && this.queue.length > this.idle()) this.start();
      for (const [child, tasks] of this.held) if (tasks.size <= depth) this.give(child, tasks);
    }
  }

  private idle(): number {
    return [...this.held.values()].filter((tasks) => tasks.size === 0).length;
  }

  private start(): void {
    // Sources are TypeScript there as here. Columns keep their types on the way.
    const child = fork(ENTRY, { execArgv: ["--import", "tsx"], serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const tasks = new Map<number, Task>();
    this.held.set(child, tasks);
    this.send(child, { files: this.files });
    child.on("message", (message: ChildAnswer) => {
      const task = tasks.get(message.id);
      tasks.delete(message.id);
      if ("answer" in message) task?.resolve(message.answer);
      else task?.reject(new Error(message.defect));
      this.feed();
    });
    child.on("exit", (status, signal) => {
      if (!this.held.delete(child)) return;
      const [first] = tasks.values();
      if (first !== undefined) first.deaths++;
      for (const task of [...tasks.values()].reverse()) {
        if (task.deaths < MOST_DEATHS) this.queue.unshift(task);
        else task.reject(new Error(`${MOST_DEATHS} processes died over one run, the last with ${signal ?? `status ${String(status)}`}.`));
      }
      this.feed();
    });
  }

  private give(child: ChildProcess, tasks: Map<number, Task>): void {
    const task = this.queue.shift();
    if (task === undefined) return;
    const id = this.nextId++;
    tasks.set(id, task);
    this.send(child, { id, scenario: task.scenario, ...(task.measure === undefined ? {} : { measure: task.measure }) });
  }

  private send(child: ChildProcess, message: ChildMessage): void {
    // A process that is gone says so by its exit.
    child.send(message, () => undefined);
  }
}

export const openPool = (jobs: number, files: SweepFiles): RunPool => (jobs === 1 ? poolHere(files) : new Processes(jobs, files));
