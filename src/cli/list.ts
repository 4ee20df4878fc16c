// goodput list [what]
import { labelOf } from "../engine/params.ts";
import type { Param, Params } from "../engine/params.ts";
import { encodeLink } from "../scenario/link.ts";
import { presets } from "../scenario/presets/index.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { gpus, kvPlans, latencies, models } from "../scenario/registries.ts";
import { admission } from "../policies/admission/index.ts";
import { batching } from "../policies/batching/index.ts";
import { ordering } from "../policies/ordering/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths } from "../workload/synth/index.ts";
import { workloads } from "../workload/presets/index.ts";
import type { Described } from "../scenario/registries.ts";
import { hint } from "../scenario/suggest.ts";
import { traceFormats } from "../workload/formats/index.ts";
import { figure, dollars } from "./format.ts";
import { InputError } from "./input-error.ts";
import { columns, print, printJson } from "./print.ts";

interface Listing {
  readonly json: () => Promise<unknown> | unknown;
  readonly text: () => string;
}

function range(param: Param): string {
  switch (param.kind) {
    case "number": {
      const unit = param.unit === undefined ? "" : ` ${param.unit}`;
      return param.max >= 1e12 ? `from ${figure(param.min)}${unit}` : `${figure(param.min)} to ${figure(param.max, 9)}${unit}`;
    }
    case "flag":
      return "true or false";
    case "choice":
      return param.options.map((option) => option.id).join(", ");
    case "table":
      return `rows of ${param.columns.map((column) => `${column.id}${column.unit === undefined ? "" : ` (${column.unit})`}`).join(", ")}`;
    case "profile":
      return "a profile, by hash; --profile gives it";
  }
}

function paramRows(params: Params): string[][] {
  return Object.entries(params).map(([key, param]) => {
    const value = param.kind === "table" ? `${param.default.length} rows` : param.default === null ? "none" : String(param.default);
    return [`    ${key}`, value, range(param), param.help];
  });
}

function described(list: readonly Described[]): Listing {
  return {
    json: () =>
      list.map(({ id, label, help, params }) => ({
        id,
        label,
        help,
        params: Object.entries(params).map(([key, param]) => ({ id: key, ...param, label: labelOf(key, param) })),
      })),
    text: () => {
      const rows = list.flatMap((entry) => paramRows(entry.params));
      const lines = rows.length === 0 ? [] : columns(rows).split("\n");
      return list
        .map((entry) => [`${entry.id}: ${entry.label}`, `  ${entry.help}`, ...lines.splice(0, Object.keys(entry.params).length)].join("\n"))
        .join("\n");
    },
  };
}

const listings: Readonly<Record<string, Listing>> = {
  routing: described(routing),
  batching: described(batching),
  ordering: described(ordering),
  admission: described(admission),
  autoscaling: described(autoscaling),
  latency: described(latencies),
  "kv-plans": described(kvPlans),
  gpus: {
    json: () => gpus,
    text: () =>
      columns(
        [
          ["id", "name", "memory", "bandwidth", "16-bit", "8-bit", "price"],
          ...gpus.map((gpu) => [
            gpu.id,
            gpu.name,
            `${figure(gpu.memoryBytes.value / 1e9)} GB`,
            `${figure(gpu.memoryBytesPerS.value / 1e12)} TB/s`,
            `${figure(gpu.bf16FlopsPerS.value / 1e12, 4)} TFLOP/s`,
            gpu.fp8FlopsPerS.value === null ? "-" : `${figure(gpu.fp8FlopsPerS.value / 1e12, 4)} TFLOP/s`,
            gpu.pricePerHour.value === null ? "-" : `${dollars(gpu.pricePerHour.value)}/h`,
          ]),
        ],
        [2, 3, 4, 5, 6],
      ),
  },
  models: {
    json: () => models,
    text: () =>
      columns(
        [
          ["id", "name", "parameters", "active", "weights", "KV per token", "context"],
          ...models.map((model) => [
            model.id,
            model.name,
            `${figure(model.params.value / 1e9)} B`,
            `${figure(model.activeParams.value / 1e9)} B`,
            `${figure(model.weightBytes.value / 1e9)} GB`,
            `${figure(model.kvBytesPerToken.value / 1024, 4)} KiB`,
            figure(model.maxContext, 9),
          ]),
        ],
        [2, 3, 4, 5, 6],
      ),
  },
  workloads: {
    json: () => workloads,
    text: () =>
      columns(
        [
          ["id", "name", "per second", "prompt", "output", "basis", "source"],
          ...workloads.map((entry) => [
            entry.id,
            entry.title,
            `${figure(entry.ratePerS)} ${entry.rateCounts}`,
            `${figure(entry.meanPromptTokens)} tok`,
            `${figure(entry.meanOutputTokens)} tok`,
            entry.basis,
            entry.source,
          ]),
        ],
        [2, 3, 4],
      ),
  },
  arrivals: described(arrivals),
  lengths: described(lengths),
  "trace-formats": {
    json: () => traceFormats.map(({ id, label, help }) => ({ id, label, help })),
    text: () => columns([["id", "name", "what"], ...traceFormats.map(({ id, label, help }) => [id, label, help])]),
  },
  presets: {
    json: () =>
      Promise.all(
        presets.map(async ({ id, lesson, scenario }) => ({ id, name: scenario.name, lesson, link: await encodeLink(scenario), scenario })),
      ),
    text: () => presets.map(({ id, lesson, scenario }) => `${id}: ${scenario.name}\n  ${lesson}`).join("\n"),
  },
};

const idsOf: Readonly<Record<string, () => readonly string[]>> = {
  routing: () => routing.map((entry) => entry.id),
  batching: () => batching.map((entry) => entry.id),
  ordering: () => ordering.map((entry) => entry.id),
  admission: () => admission.map((entry) => entry.id),
  autoscaling: () => autoscaling.map((entry) => entry.id),
  latency: () => latencies.map((entry) => entry.id),
  "kv-plans": () => kvPlans.map((entry) => entry.id),
  gpus: () => gpus.map((entry) => entry.id),
  models: () => models.map((entry) => entry.id),
  workloads: () => workloads.map((entry) => entry.id),
  arrivals: () => arrivals.map((entry) => entry.id),
  lengths: () => lengths.map((entry) => entry.id),
  "trace-formats": () => traceFormats.map((entry) => entry.id),
  presets: () => presets.map((entry) => entry.id),
};

export async function list(what: string | undefined, options: { readonly json?: boolean }): Promise<void> {
  if (what === undefined) {
    const ids = Object.entries(idsOf).map(([kind, of]) => [kind, of()] as const);
    if (options.json === true) printJson(Object.fromEntries(ids));
    else print(columns(ids.map(([kind, of]) => [kind, of.join(", ")])));
    return;
  }
  const listing = Object.hasOwn(listings, what) ? listings[what] : undefined;
  if (listing === undefined) throw new InputError(`list ${what}: There is no such list.${hint(what, Object.keys(listings))}`);
  if (options.json === true) printJson(await listing.json());
  else print(listing.text());
}
