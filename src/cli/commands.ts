// The verbs of the command line, and what happens when one fails. Status 0: done; 2: bad input, one line on stderr; 1: a defect of ours.
import { Command, CommanderError } from "commander";
import { InputError } from "./input-error.ts";
import { Interrupted } from "./interrupt.ts";

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The options of commands that run a scenario with several seeds. */
const studied = (command: Command): Command =>
  command
    .option("--trace <file>", "requests from a trace file instead of the scenario's traffic")
    .option("--profile <file...>", "times for the pools' batch latency; may be repeated", collect, [])
    .option("--set <path=value>", "change one field; may be repeated", collect, [])
    .option("--seeds <n>", "replications, from the scenario's seed on")
    .option("--confidence <share>", "of what is stated (0.95)")
    .option("--jobs <n>", "runs at a time, in as many processes; left out: one per core")
    .option("--json", "print JSON");

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
    .option(
      "--out <folder>",
      "write summary.json, requests.csv, replicas.csv, fleet.csv; of several tenants fairness.csv; of autoscalers scaling.csv",
    )
    .option("--json", "print the summary as JSON")
    .option("--draws <n>", "run also with n draws of the fitted model: intervals of what the measurements leave open; n times the work")
    .option("--detail", "with --out or --json: batches, stages, parts of the time, and where requests spend theirs; slower")
    .option("--perfetto <file>", "write a trace of batches that ui.perfetto.dev and Chrome open")
    .option("--window <from,to>", "with --perfetto: only these seconds of simulated time")
    .option("--decodes <how>", "with --perfetto: each iteration a slice, runs (decode x k), or auto")
    .action(async (scenario, options) => (await import("./run.ts")).run(scenario, options));

  program
    .command("sweep")
    .argument("<sweep>", "a sweep file, a scenario file, a link, or the id of a preset")
    .description("many runs with parameters varied: a table, the Pareto front, its hypervolume")
    .option(
      "--vary <path=values>",
      "what varies: pools[0].replicas=2,4,8 or 2..8 or 0.5..2:0.25 (from..to:step) or 1..64*2 (from..to*factor); several make a grid; left out: what the preset proposes",
      collect,
      [],
    )
    .option("--seeds <n>", "run every setting with this many seeds, from the scenario's on: the same traffic for all settings")
    .option("--sample <how>", "settings of the grid to run: grid (all), random:N or latin-hypercube:N")
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
    .option("--jobs <n>", "runs at a time, in as many processes; left out: one per core where that pays")
    .option("--queue <url>", "hand the runs to workers at a Redis server, such as redis://localhost:6379 (goodput worker)")
    .option("--keep-going", "a run that cannot be done is noted, and ends nothing")
    .option("--shard <i/n>", "only the i-th of n parts, for one of n machines; merge puts them together")
    .option("--resume", "go on with what a stopped sweep left in --out")
    .option(
      "--out <folder>",
      "write sweep.json, runs.csv, settings.csv and replicas.csv; what is done is kept there when the sweep is stopped",
    )
    .option("--json", "print sweep.json")
    .action(async (given, options) => (await import("./sweep.ts")).sweep(given, options));

  program
    .command("worker")
    .argument("<url>", "a Redis server, such as redis://localhost:6379")
    .description(
      "do runs of sweeps that were started with --queue, on this or another machine, until it is stopped; one at a time: start as many as there are cores",
    )
    .action(async (url) => (await import("./queue/worker.ts")).worker(url));

  program
    .command("merge")
    .argument("<folder...>", "what sweep --shard wrote, all parts of one sweep")
    .description("the shards of a sweep as one: the same table and files as without shards")
    .option("--out <folder>", "write sweep.json, runs.csv, settings.csv and replicas.csv")
    .option("--json", "print sweep.json")
    .action(async (folders, options) => (await import("./merge.ts")).merge(folders, options));

  studied(
    program
      .command("goodput")
      .argument("<scenario>", "a scenario file, a link, or the id of a preset")
      .description("the highest rate of requests that meets the SLOs, per GPU, with its confidence"),
  )
    .option("--share <share>", "of the requests that must meet every SLO (0.9)")
    .option("--tolerance <ratio>", "of two rates at which the search ends (0.005)")
    .option("--window <from,to>", "shares of the arrivals that count (0.1,1: without the warm-up)")
    .option("--slo-scale", "instead: the tightest SLOs at the rate of the scenario")
    .action(async (scenario, options) => (await import("./goodput.ts")).goodputVerb(scenario, options));

  studied(
    program
      .command("compare")
      .argument("<scenario...>", "scenario files, links, or ids of presets; the first is what the others are compared with")
      .description("whether the differences between scenarios are real: paired over seeds, with intervals"),
  )
    .option("--metrics <quantities>", "such as cost.hour,e2e.p90,slo")
    .option("--difference <ratio>", "relative difference that matters, for the recommended replications (0.05)")
    .option("--power <chance>", "to find that difference with so many (0.9)")
    .option("--window <from,to>", "shares of the arrivals that count; left out: where all are settled")
    .option("--same-traffic", "run all on the traffic and tenants of the first")
    .action(async (scenarios, options) => (await import("./compare.ts")).compare(scenarios, options));

  studied(
    program
      .command("cheapest")
      .argument("<scenario>", "a scenario file, a link, or the id of a preset")
      .description("the cheapest fleet that meets the SLOs: GPU, sharding, number of replicas, policies"),
  )
    .option("--share <share>", "of the requests that must meet every SLO (0.9)")
    .option("--pool <n>", "position of the pool that is built, from 0")
    .option("--gpus <ids>", "GPUs to choose from, such as l4,h100-sxm; left out: the pool's")
    .option("--replicas <from..to>", "numbers of replicas to choose from (1..16)")
    .option("--tensor <degrees>", "tensor parallel degrees to choose from, such as 1,2,4; left out: the pool's")
    .option("--pipeline <degrees>", "pipeline parallel degrees to choose from; left out: the pool's")
    .option("--vary <path=values>", "policies or anything else to choose from, as sweep has it; may be repeated", collect, [])
    .option("--window <from,to>", "shares of the arrivals that count (0,1: all)")
    .action(async (scenario, options) => (await import("./cheapest.ts")).cheapest(scenario, options));

  program
    .command("list")
    .argument(
      "[what]",
      "routing, batching, ordering, admission, autoscaling, latency, kv-plans, gpus, models, workloads, arrivals, lengths, trace-formats or presets",
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
    .option(
      "--form <form>",
      "auto (the least held-out error, roofline left out), selected, tokens, past, linear or roofline (experimental)",
      "auto",
    )
    .option("--bootstrap <n>", "replicates for the intervals, 100 to 2000; 0 for none")
    .option("--seed <n>", "seed of the replicates")
    .option("--starts <n>", "starts of each search for the planes of roofline, 1 to 4096 (64)")
    .option("--note <text>", "GPU, model and engine that were measured, kept in the model")
    .option("--out <file>", "write the model; run --profile takes it")
    .option("--rows <file>", "write a CSV of the rows: measured, predicted, and what resamples without the row predict, with its error bar")
    .option("--json", "print JSON")
    .action(async (file, options) => (await import("./fit.ts")).fit(file, options));

  program
    .command("gallery")
    .argument("[card]", "id of a card; without it: the list")
    .description("published figures, run again: their numbers beside ours")
    .option("--json", "print JSON")
    .option("--record <file>", "run every card and write what the page shows of them")
    .action(async (card, options) => (await import("./gallery.ts")).gallery(card, options));

  program
    .command("calibrate")
    .argument("<runs>", "a table of serving benchmarks: a row per run with its rate or concurrency, lengths, and mean TTFT, TPOT or E2E")
    .description("parameters of the roofline with which the simulator repeats benchmark runs, and how sure they are")
    .option("--scenario <scenario>", "GPU, model, scheduler of the runs: a scenario file, a link, or the id of a preset")
    .option("--set <path=value>", "change one field of the scenario first; may be repeated", collect, [])
    .option("--seed <n>", "seed of every random stream")
    .option("--out <file>", "write the scenario with the parameters")
    .option("--json", "print JSON")
    .action(async (runs, options) => (await import("./calibrate.ts")).calibrateRuns(runs, options));

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
  if (error instanceof Interrupted) return error.status;
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
