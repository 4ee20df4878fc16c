// The verbs of the command line, and what happens when one fails. Status 0: done; 2: bad input, one line on stderr; 1: a defect of ours.
import { Command, CommanderError } from "commander";
import { InputError } from "./input-error.ts";

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function commands(): Command {
  const program = new Command("goodput");
  program
    .description("Simulates a fleet of GPUs that serves a large language model.")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(true)
    .helpCommand(false);

  program
    .command("run")
    .argument("<scenario>", "a scenario file, a link, or the id of a preset")
    .description("one run: a summary table, or JSON")
    .option("--trace <file>", "requests from a trace file instead of the scenario's traffic")
    .option(
      "--profile <file...>",
      "times for the pools' batch latency: Vidur's CSVs, exported tables, or a folder of them; or a fitted model; may be repeated",
      collect,
      [],
    )
    .option("--set <path=value>", "change one field, such as pools[0].replicas=8; may be repeated", collect, [])
    .option("--seed <n>", "seed of every random stream")
    .option("--step", "one iteration at a time instead of leaping: the same results, slower")
    .option("--out <folder>", "write summary.json, requests.csv, replicas.csv, fleet.csv and, of autoscalers, scaling.csv")
    .option("--json", "print the summary as JSON")
    .option("--draws <n>", "run also with n draws of the fitted model: intervals of what the measurements leave open; n times the work")
    .option("--detail", "with --out or --json: batches, stages, parts of the time, and where requests spend theirs; slower")
    .option("--perfetto <file>", "write a trace of batches that ui.perfetto.dev and Chrome open")
    .option("--window <from,to>", "with --perfetto: only these seconds of simulated time")
    .option("--decodes <how>", "with --perfetto: each iteration a slice, runs (decode x k), or auto")
    .action(async (scenario, options) => (await import("./run.ts")).run(scenario, options));

  program
    .command("sweep")
    .argument("<scenario>", "a scenario file, a link, or the id of a preset")
    .description("many runs with one parameter varied: a table, the Pareto front, its hypervolume")
    .option(
      "--vary <path=values>",
      "what varies: pools[0].replicas=2,4,8 or 2..8 or 0.5..2:0.25 (from..to:step); several make a grid; left out: what the preset proposes",
      collect,
      [],
    )
    .option("--seeds <n>", "run every setting with this many seeds, from the scenario's on: the same traffic for all settings")
    .option("--x <quantity>", "first axis of the front, such as cost, cost.hour, cost.tokens, slo")
    .option("--y <quantity>", "second axis, such as e2e.p90, ttft.p99, tpot.p50")
    .option("--reference <x,y>", "the corner up to which the hypervolume counts, such as 50,0.5 (dollars, seconds, shares)")
    .option("--trace <file>", "requests from a trace file instead of the scenario's traffic")
    .option(
      "--profile <file...>",
      "times for the pools' batch latency: Vidur's CSVs, exported tables, or a folder of them; or a fitted model; may be repeated",
      collect,
      [],
    )
    .option("--set <path=value>", "change one field of all settings; may be repeated", collect, [])
    .option("--out <folder>", "write sweep.json, runs.csv, settings.csv and replicas.csv")
    .option("--json", "print sweep.json")
    .action(async (scenario, options) => (await import("./sweep.ts")).sweep(scenario, options));

  program
    .command("list")
    .argument(
      "[what]",
      "routing, batching, admission, autoscaling, latency, kv-plans, gpus, models, workloads, arrivals, lengths, trace-formats or presets",
    )
    .description("what a scenario can name, with each parameter, default and unit")
    .option("--json", "print JSON")
    .action(async (what, options) => (await import("./list.ts")).list(what, options));

  program
    .command("schema")
    .description("JSON Schema of a scenario")
    .action(async () => (await import("./schema.ts")).schema());

  const trace = program.command("trace").description("trace files").helpCommand(false);
  trace
    .command("inspect")
    .argument("<file>", "a trace file, gzip or plain")
    .description("format found, rows accepted and refused with line and reason, statistics")
    .option("--json", "print JSON")
    .action(async (file, options) => (await import("./trace.ts")).inspect(file, options));

  const profile = program.command("profile").description("profiles of operator times").helpCommand(false);
  profile
    .command("inspect")
    .argument("<file...>", "the files of one profile, gzip or plain, or a folder of them")
    .description("what was measured: models, parallelism, operators, up to which sizes; and its hash")
    .option("--json", "print JSON")
    .option("--out <file>", "write the profile as one file")
    .action(async (files, options) => (await import("./profile.ts")).inspect(files, options));

  program
    .command("fit")
    .argument("<file>", "measured iterations: a table or an engine's log, gzip or plain")
    .description("a latency model fitted to measurements: forms compared, coefficients with intervals, held-out errors")
    .option("--format <id>", "format of the file, where it is not found by its columns")
    .option("--unit <unit>", "unit of the time column: s, ms or us")
    .option("--map <name=column>", "column of the file for a name of the format, such as time_ms=latency; may be repeated", collect, [])
    .option("--pick <values>", "one of several measured series, such as llama2-70b,a100-80gb,8")
    .option("--form <form>", "auto (the least held-out error), selected, tokens, past or linear", "auto")
    .option("--bootstrap <n>", "replicates for the intervals, 100 to 2000; 0 for none")
    .option("--seed <n>", "seed of the replicates")
    .option("--note <text>", "GPU, model and engine that were measured, kept in the model")
    .option("--out <file>", "write the model; run --profile takes it")
    .option("--json", "print JSON")
    .action(async (file, options) => (await import("./fit.ts")).fit(file, options));

  const link = program.command("link").description("scenario <-> link").helpCommand(false);
  link
    .command("encode")
    .argument("<scenario>", "a scenario file or the id of a preset")
    .description("print the link of a scenario")
    .option("--profile <file...>", "a fitted model for the pools, which travels in the link; may be repeated", collect, [])
    .action(async (file, options) => (await import("./link.ts")).encode(file, options));
  link
    .command("decode")
    .argument("<link>", "an address with #s=, or its part from the #")
    .description("print the scenario of a link as JSON")
    .action(async (text) => (await import("./link.ts")).decode(text));
  return program;
}

function failure(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (error.code !== "commander.help")
      process.stderr.write(`${error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ")} See goodput --help.\n`);
    return 2;
  }
  if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a defect of Goodput, not of your input.\n${text}\n`);
  return 1;
}

/** Runs one command with the words that follow the program's name; answers its exit status. */
export async function goodput(words: readonly string[]): Promise<number> {
  const program = commands();
  if (words.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    return failure(error);
  }
}
