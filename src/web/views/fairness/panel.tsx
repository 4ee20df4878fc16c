// Fairness between tenants: what each was served and how long it waited, how far they drifted apart, in two accountings.
import { MOST_REQUESTS, type FairnessCurves } from "../../../analysis/fairness-curves.ts";
import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import type { FairnessReport, TenantFairness } from "../../../scenario/fairness-report.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import type { TipContent } from "../../ui/chart/tooltip.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { NONE, clock, fixed, integer, percent, seconds, significant } from "../../ui/format.ts";
import { useRunData } from "../use-run-data.ts";
import { fairnessFigure, layoutFairness } from "./draw.ts";
import { useFairness } from "./use-fairness.ts";
import "./fairness.css";

const MOST_ROWS = 30;

const COLUMNS: readonly (readonly [label: string, of: (row: TenantFairness) => string])[] = [
  ["Requests", ({ requests }) => integer(requests)],
  ["Refused", ({ refused }) => integer(refused)],
  ["Weight", ({ weight }) => significant(weight)],
  ["Asked", ({ demand }) => integer(demand)],
  ["Served", ({ service }) => integer(service)],
  ["TTFT", ({ ttftMean }) => seconds(ttftMean)],
];

const ACCOUNTS: readonly (readonly [label: string, of: (account: FairnessReport["byTokens"]) => string])[] = [
  ["Largest drift of two that wait", ({ largestDrift }) => integer(largestDrift)],
  ["Gap at the last arrival", ({ gap }) => integer(gap)],
  ["Jain's index", ({ jain }) => fixed(jain, 4)],
  ["Difference in windows, largest", ({ differences }) => significant(differences.max)],
  ["Difference in windows, mean", ({ differences }) => significant(differences.mean)],
  ["Difference in windows, variance", ({ differences }) => significant(differences.variance)],
];

/** The curves as they are drawn. */
function tableOf({ at, names, service, response, accumulated, gap, artifactGap }: FairnessCurves): TableData {
  const column = (label: string, values: Float64Array, unit?: string) => ({
    label,
    ...(unit === undefined ? {} : { unit }),
    raw: (row: number): number => values[row]!,
    show: (row: number): string => (Number.isNaN(values[row]!) ? NONE : significant(values[row]!)),
  });
  return {
    title: "Fairness between tenants over time",
    length: at.length,
    columns: [
      { label: "Time", unit: "s", raw: (row) => at[row]!, show: (row) => clock(at[row]!) },
      ...names.flatMap((name, i) => [
        column(`${name}: service`, service[i]!, "cost/s"),
        column(`${name}: TTFT`, response[i]!, "s"),
        column(`${name}: accumulated`, accumulated[i]!, "cost"),
      ]),
      column("Gap, by tokens", gap, "cost"),
      column("Gap, as artifact", artifactGap, "cost"),
    ],
  };
}

function tipOf({ at, names, service, response, gap }: FairnessCurves, step: number): TipContent {
  const rows = names.map((name, i): [string, string] => [
    name,
    `${significant(service[i]![step])}/s, TTFT ${Number.isNaN(response[i]![step]!) ? NONE : seconds(response[i]![step])}`,
  ]);
  return { name: clock(at[step]!), rows: [...rows, ["gap", integer(gap[step]!)]] };
}

function summaryOf({ report }: FairnessCurves): string {
  const { largestDrift, jain } = report.byTokens;
  const within = largestDrift <= report.bound ? "within" : "beyond";
  return `Two tenants that both waited drifted apart by at most ${integer(largestDrift)}, ${within} the bound 2U = ${integer(report.bound)}; Jain's index is ${fixed(jain, 4)} at the last arrival. A prompt token costs ${significant(report.promptWeight)}, an output token ${significant(report.outputWeight)}.`;
}

/** Whether the element is near the window: nothing is worked out where nobody looks. */
function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const watch = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting === true), { rootMargin: "200px" });
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return seen;
}

export function FairnessPanel(): ReactNode {
  const data = useRunData(1000);
  const panel = useRef<HTMLElement>(null);
  const seen = useSeen(panel);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { length } = data.requests;
  const model = useFairness(data, seen);
  const figure = useMemo(() => (model && width > 0 ? fairnessFigure(model, width) : null), [model, width]);
  const layout = model && width > 0 ? layoutFairness(model, width) : null;
  const steps = model?.at.length ?? 0;
  return (
    <section ref={panel} className="panel fairness-panel" aria-label="Fairness between tenants">
      <SectionHead
        title="Fairness between tenants"
        exports={
          model && figure ? { title: "Fairness between tenants", palette, figure: () => figure, table: () => tableOf(model) } : undefined
        }
      />
      {length === 0 && <p className="empty">No request has ended yet.</p>}
      {length > MOST_REQUESTS && (
        <p className="empty">
          More than {integer(MOST_REQUESTS)} requests: the files of the run have the figures (fairness.csv and summary.json).
        </p>
      )}
      {model && <p className="fairness-sentence">{summaryOf(model)}</p>}
      <div className="fairness-columns">
        <div ref={box}>
          {model && figure && layout && (
            <HoverChart
              bare
              title="Service, response time and gap of tenants over time"
              text={summaryOf(model)}
              palette={palette}
              figure={figure}
              table={() => tableOf(model)}
              steps={steps}
              stepAt={(x) => Math.round(((x - layout.left) / layout.plot) * (steps - 1))}
              xOf={(step) => layout.left + (step / (steps - 1)) * layout.plot}
              plot={{ left: layout.left, right: width - layout.left - layout.plot, top: layout.top, height: layout.bottom - layout.top }}
              tipY={layout.top + 10}
              tip={(step) => tipOf(model, step)}
            />
          )}
        </div>
        {model && <Tables report={model.report} />}
      </div>
    </section>
  );
}

function Tables({ report }: { readonly report: FairnessReport }): ReactNode {
  const rows = report.tenants.slice(0, MOST_ROWS);
  const served = report.tenants.reduce((sum, { service }) => sum + service, 0);
  return (
    <div className="fairness-tables" role="region" aria-label="Tenants beside each other" tabIndex={0}>
      <table className="number-table">
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            {COLUMNS.map(([label]) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {COLUMNS.map(([label, of]) => (
                <td key={label}>{of(row)}</td>
              ))}
              <td>{percent(served > 0 ? row.service / served : null)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.tenants.length > rows.length && (
        <p className="remark">
          {integer(rows.length)} of {integer(report.tenants.length)} tenants.
        </p>
      )}
      <table className="number-table">
        <thead>
          <tr>
            <th scope="col">Up to the last arrival</th>
            <th scope="col">By tokens</th>
            <th scope="col">As artifact</th>
          </tr>
        </thead>
        <tbody>
          {ACCOUNTS.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{of(report.byTokens)}</td>
              <td>{of(report.asArtifact)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="remark">
        By tokens: prompts count when they are computed, outputs as they come. As artifact: all of a request evenly from its first token to
        its last, as the VTC artifact reckons. Requests count when they have ended.
      </p>
    </div>
  );
}
