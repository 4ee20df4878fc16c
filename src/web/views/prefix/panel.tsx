// Prefix caching: what was found against what the router expected, how even the queues are, and what each replica holds.
import { useMemo, useRef, type ReactNode } from "react";
import { useRunStore } from "../../state/run-store.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import type { TipContent } from "../../ui/chart/tooltip.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { NONE, clock, fixed, integer, percent, significant } from "../../ui/format.ts";
import { useRunData } from "../use-run-data.ts";
import { layoutPrefix, prefixFigure } from "./draw.ts";
import { MOST_LINES, selectPrefix, type PrefixModel, type ReplicaHits } from "./select.ts";
import "./prefix.css";

const STEPS = 120;
const MOST_ROWS = 16;

const show = (value: number, format: (value: number) => string): string => (Number.isNaN(value) ? NONE : format(value));

const COLUMNS: readonly (readonly [label: string, of: (row: ReplicaHits) => number, format: (value: number) => string])[] = [
  ["Requests", ({ requests }) => requests, integer],
  ["Found", ({ found }) => found, (value) => percent(value)],
  ["Expected", ({ expected }) => expected, (value) => percent(value)],
  ["Blocks", ({ blocks }) => blocks, integer],
  ["Evicted", ({ evicted }) => evicted, integer],
];

function tableOf({ replicas }: PrefixModel): TableData {
  return {
    title: "Prefix caches by replica",
    length: replicas.length,
    columns: [
      { label: "Replica", raw: (row) => replicas[row]!.name, show: (row) => replicas[row]!.name },
      ...COLUMNS.map(([label, of, format]) => ({
        label,
        raw: (row: number): number => of(replicas[row]!),
        show: (row: number): string => show(of(replicas[row]!), format),
      })),
    ],
  };
}

function tipOf(model: PrefixModel, time: number): TipContent {
  const bucket = Math.min(model.found.length - 1, Math.max(0, Math.floor(time / model.bucket)));
  let sample = 0;
  while (sample + 1 < model.at.length && model.at[sample + 1]! <= time) sample++;
  const rows: [string, string][] = [["found", show(model.found[bucket]!, (value) => percent(value))]];
  if (model.predicts) rows.push(["expected", show(model.expected[bucket]!, (value) => percent(value))]);
  model.queues
    .slice(0, MOST_LINES)
    .forEach((column, i) => rows.push([`on ${model.replicas[i]!.name}`, show(column[sample] ?? NaN, integer)]));
  rows.push(["longest minus shortest", show(model.spread[sample] ?? NaN, integer)]);
  return { name: clock(time, 1), rows };
}

function summaryOf(model: PrefixModel): string {
  const found = `${percent(model.foundShare)} of the prompt tokens were found in prefix caches`;
  const expected = model.predicts ? `; the router expected ${percent(model.expectedShare)}` : "";
  const copies = Number.isNaN(model.copies) ? "" : ` A cached block stands on ${fixed(model.copies, 2)} replicas.`;
  return `${found}${expected}.${copies}`;
}

export function PrefixPanel(): ReactNode {
  const { picture, requests } = useRunData(500);
  const scenario = useRunStore((state) => state.current.scenario);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { length } = requests;
  const model = useMemo(
    () => (picture === null || scenario === null || length === 0 ? null : selectPrefix(picture, requests, length, scenario)),
    [picture, requests, length, scenario],
  );
  const figure = useMemo(() => (model && width > 0 ? prefixFigure(model, width) : null), [model, width]);
  const layout = model && width > 0 ? layoutPrefix(model, width) : null;
  return (
    <section className="panel prefix-panel" aria-label="Prefix caches">
      <SectionHead
        title="Prefix caches"
        exports={
          model && figure ? { title: "Prefix caches by replica", palette, figure: () => figure, table: () => tableOf(model) } : undefined
        }
      />
      {model === null && <p className="empty">No request has ended yet.</p>}
      {model && <p className="prefix-sentence">{summaryOf(model)}</p>}
      <div className="prefix-columns">
        <div ref={box}>
          {model && figure && layout && (
            <HoverChart
              bare
              title="Cached prompt tokens and requests on each replica over time"
              text={summaryOf(model)}
              palette={palette}
              figure={figure}
              table={() => tableOf(model)}
              steps={STEPS}
              stepAt={(x) => Math.round(((x - layout.left) / layout.plot) * (STEPS - 1))}
              xOf={(step) => layout.left + (step / (STEPS - 1)) * layout.plot}
              plot={{
                left: layout.left,
                right: width - layout.left - layout.plot,
                top: layout.hitTop,
                height: layout.bottom - layout.hitTop,
              }}
              tipY={layout.hitTop + 10}
              tip={(step) => tipOf(model, (step / (STEPS - 1)) * model.end)}
            />
          )}
        </div>
        {model && <Caches model={model} />}
      </div>
    </section>
  );
}

function Caches({ model }: { readonly model: PrefixModel }): ReactNode {
  const rows = model.replicas.slice(0, MOST_ROWS);
  return (
    <div className="prefix-caches" role="region" aria-label="Prefix caches by replica" tabIndex={0}>
      <table className="number-table">
        <thead>
          <tr>
            <th scope="col">Replica</th>
            {COLUMNS.map(([label]) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {COLUMNS.map(([label, of, format]) => (
                <td key={label}>{show(of(row), format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {model.replicas.length > rows.length && (
        <p className="remark">
          {integer(rows.length)} of {integer(model.replicas.length)} replicas; the table has all.
        </p>
      )}
      {model.memory.length > 0 && (
        <dl>
          {model.memory.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{Number.isInteger(value) ? integer(value) : significant(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
