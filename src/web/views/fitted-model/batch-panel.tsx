// Sliders for a batch that a person thinks of, and what the form on the page says of it. What was measured is looked up in a task of its own.
import { useCallback, useState } from "react";
import { integer as integerParam } from "../../../engine/params.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import type { Intervals } from "../../state/fit-store.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { NumberField } from "../../ui/fields.tsx";
import { fixed, withUnit } from "../../ui/format.ts";
import { useInTurn } from "../in-turn.ts";
import { REGION_WORDS } from "../prediction/select.ts";
import { rangesOf, timeOfBatch, type Batch } from "./batch.ts";

const TITLE = "A batch of your own";
/** Sliders go so far beyond what was measured. */
const BEYOND = 1.5;
const none = (): void => undefined;
const from = ([low, high]: readonly [number, number]): string => `${fixed(low, 2)} to ${withUnit(fixed(high, 2), "ms")}`;

/** Sliders with ends from the measurements, and a batch in their middle to begin with. */
function fieldsOf({ data }: FitInput) {
  const most = (of: (row: number) => number): number => data.t.reduce((high, _, row) => Math.max(high, of(row)), 0);
  const reach = {
    prompts: most((i) => data.N[i]!),
    tokens: most((i) => (data.N[i]! > 0 ? data.P[i]! / data.N[i]! : 0)),
    past: most((i) => (data.N[i]! > 0 ? data.K[i]! / data.N[i]! : 0)),
    decodes: most((i) => data.D[i]!),
    context: most((i) => (data.D[i]! > 0 ? data.C[i]! / data.D[i]! : 0)),
  };
  const field = (label: string, help: string, key: keyof Batch) => ({
    key,
    label,
    param: integerParam(Math.round(reach[key] / 4), help, { min: 0, max: Math.max(1, Math.ceil(BEYOND * reach[key])) }),
  });
  return [
    field("Prompts", "Requests whose prompt, or a part of it, is computed in the iteration.", "prompts"),
    field("Tokens each", "Prompt tokens computed of each.", "tokens"),
    field("Cached each", "Tokens of each prompt that are in the KV cache already.", "past"),
    field("Decodes", "Requests that decode one token each.", "decodes"),
    field("Context each", "Tokens in the KV cache of each decode.", "context"),
  ].filter(({ key }) => reach[key] > 0);
}

export function BatchPanel({
  input,
  fitted,
  intervals,
}: {
  readonly input: FitInput;
  readonly fitted: FittedForm;
  readonly intervals: Intervals | undefined;
}) {
  const known = useInTurn(useCallback(() => ({ fields: fieldsOf(input), ranges: rangesOf(input.data) }), [input]));
  const [set, setSet] = useState<Partial<Batch>>({});
  if (known === null) return null;
  const { fields, ranges } = known;
  const batch: Batch = {
    prompts: 0,
    tokens: 0,
    past: 0,
    decodes: 0,
    context: 0,
    ...Object.fromEntries(fields.map(({ key, param }) => [key, param.default])),
    ...set,
  };
  const time = timeOfBatch(batch, ranges, fitted, intervals);
  return (
    <section className="panel batch-panel" aria-label={TITLE}>
      <SectionHead title={TITLE} phrase={time === null ? "nothing in it" : REGION_WORDS[time.region]} />
      {fields.map(({ key, label, param }) => (
        <NumberField
          key={key}
          label={label}
          param={param}
          value={batch[key]}
          onChange={(next) => setSet({ ...set, [key]: next ?? 0 })}
          onEnd={none}
        />
      ))}
      {time !== null && (
        <dl>
          <dt>Time</dt>
          <dd>{withUnit(fixed(time.ms, 2), "ms")}</dd>
          {time.interval !== null && (
            <>
              <dt>95 % of resamples</dt>
              <dd>{from(time.interval)}</dd>
            </>
          )}
          <dt>Nine of ten such batches</dt>
          <dd>{from(time.band)}</dd>
          <dt>Measured</dt>
          <dd>{time.outside.length === 0 ? "inside of what was measured" : `outside: ${time.outside.join("; ")}`}</dd>
        </dl>
      )}
    </section>
  );
}
