// Results: the summary against the pinned run, distributions, and how even the load was. Speaks of the brushed range when there is one.
import { memo, useMemo, useRef, useState, type ReactNode } from "react";
import type { Summary } from "../../../engine/metrics/results.ts";
import { useMedia } from "../../app/use-media.ts";
import { useRunStore } from "../../state/run-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { download, fileName } from "../../ui/chart/download.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { toCsv, type TableData } from "../../ui/chart/table-data.ts";
import { useWidth } from "../../ui/chart/use-size.ts";
import { clock, fixed, integer, percent, seconds, withUnit } from "../../ui/format.ts";
import { limitsOf } from "../moment.ts";
import { useRunData } from "../use-run-data.ts";
import { barAt, barsFigure, cdfFigure, cdfScales, PLOT } from "./draw.ts";
import {
  barTable,
  cdfTable,
  cdfText,
  loadRows,
  secondsAt,
  selectBars,
  selectCdf,
  shareAt,
  summaryRows,
  summaryTable,
  type BarModel,
  type CdfModel,
  type SummaryRow,
} from "./select.ts";
import { useRangeResult } from "./use-range.ts";
import "./results.css";

/** End to end times and batch sizes share a line. */
const PAIR_GAP = 12;
const half = (width: number): number => Math.floor((width - PAIR_GAP) / 2);
/** Their tools, which fingers always see, need the whole width. */
const FINGERS = "(max-width: 699px), (hover: none)";

const CURVES = [
  ["ttft", "Time to first token"],
  ["tpot", "Time per output token"],
  ["e2e", "End to end"],
] as const;

const HEADS = { pinned: "Pinned", before: "Before", "whole run": "Whole run" } as const;

export function ResultsPanel(): ReactNode {
  const { picture, ghost, revision } = useRunData(250);
  const scenario = useRunStore((state) => state.current.scenario);
  const range = useViewStore((state) => state.range);
  const ranged = useRangeResult(range);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const ghostWord = useRunStore((state) => state.ghostWord);
  const fingers = useMedia(FINGERS);
  const [more, setMore] = useState<ReactNode>(null);
  const paired = fingers ? width : half(width);

  const inRange = range !== null && ranged?.result ? ranged.result : null;
  const now: Summary | null = inRange?.summary ?? picture?.summary ?? null;
  // Like with like: the end of a run says nothing about one that is half way.
  const failed = useRunStore((state) => state.current.phase === "failed");
  const comparable = ghost !== null && ghostWord !== "whole run" && !failed;
  const over = picture?.progress.phase === "finished";
  const same = !comparable ? null : inRange ? inRange.before : over ? ghost : (picture?.before ?? null);
  const other = inRange && !comparable ? picture : same;
  const before: Summary | null = other?.summary ?? null;
  const compare = inRange !== null || comparable;
  const word = inRange && !comparable ? "whole run" : ghostWord;
  const heads = [inRange ? "This range" : "This run", HEADS[word]] as const;
  const rows = useMemo(() => (now ? summaryRows(now, before) : []), [now, before, revision]);
  const curves = useMemo(() => {
    if (!picture) return [];
    const limits = limitsOf(scenario);
    return CURVES.map(([id, title]) =>
      selectCdf(id, title, (inRange?.cdfs ?? picture.cdfs)[id], other?.cdfs[id] ?? null, limits[id]?.value ?? null, word),
    );
  }, [picture, other, inRange, scenario, word, revision]);
  // The load of a range is not kept: that of the run so far stands beside it.
  const load = !comparable ? null : over ? ghost.load : (picture?.before?.load ?? null);
  const bars = useMemo(() => (picture ? selectBars(picture.load, load) : null), [picture, load, revision]);
  const even = useMemo(() => (picture ? loadRows(picture.load, load) : []), [picture, load, revision]);

  const phrase = !picture ? undefined : range ? `${clock(range[0])} to ${clock(range[1])}` : `to ${clock(picture.progress.simTime)}`;
  const table = (): TableData => summaryTable(rows, "Summary", heads);
  return (
    <div className="results-panel">
      <section className="panel" aria-label="Summary">
        <div className="section-head">
          <h2>Summary</h2>
          {phrase && (
            <span className="phrase" title={range ? "Requests that arrived in this range" : undefined}>
              {phrase}
            </span>
          )}
          <div className="tools">
            {range && (
              <button type="button" className="tool" onClick={() => useViewStore.getState().setRange(null)}>
                Whole run
              </button>
            )}
            <button
              type="button"
              className="tool"
              aria-label="Summary: export CSV"
              disabled={!now}
              onClick={() => download(fileName("summary", "csv"), toCsv(table()), "text/csv")}
            >
              CSV
            </button>
            <button
              type="button"
              className="tool"
              aria-label="Summary: export JSON"
              disabled={!now}
              onClick={() => now && download("summary.json", `${JSON.stringify(now, null, 2)}\n`, "application/json")}
            >
              JSON
            </button>
          </div>
        </div>
        {range && ranged && !ranged.result && <p className="empty">{ranged.trouble} The summary below is of the whole run.</p>}
        {now ? (
          <SummaryTable rows={rows} heads={heads} compare={compare} />
        ) : (
          <p className="empty">No results yet. They appear with the first finished request.</p>
        )}
      </section>
      <section className="panel" aria-label="Distributions">
        <div className="section-head">
          <h2>Distributions</h2>
          <span className="phrase">share of requests, %</span>
        </div>
        <div ref={box} className="distributions">
          {width > 0 && (
            <>
              {curves.map((model) => model.id !== "e2e" && <CdfChart key={model.id} model={model} width={width} palette={palette} />)}
              <div className={fingers ? undefined : "pair"}>
                {curves.map((model) => model.id === "e2e" && <CdfChart key={model.id} model={model} width={paired} palette={palette} />)}
                {bars && <BarChart model={bars} width={paired} palette={palette} />}
              </div>
            </>
          )}
        </div>
      </section>
      {picture && (
        <section className="panel even" aria-label="Load between replicas">
          <div className="section-head">
            <h3>Load between replicas</h3>
            <span className="phrase">mean outstanding requests</span>
          </div>
          {picture.load.cv === null ? (
            <p className="empty">One replica, or none with load: nothing to compare.</p>
          ) : (
            <dl>
              {even.map((row) => (
                <div key={row.label}>
                  <dt>{row.label}</dt>
                  <dd>
                    {row.now}
                    {load && <span className="was">{row.before}</span>}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </section>
      )}
      {more ?? (
        <button type="button" className="text-button" onClick={async () => setMore((await import("./more.tsx")).more(() => setMore(null)))}>
          Batches and time
        </button>
      )}
    </div>
  );
}

const SummaryTable = memo(function SummaryTable({
  rows,
  heads,
  compare,
}: {
  rows: readonly SummaryRow[];
  heads: readonly [string, string];
  compare: boolean;
}): ReactNode {
  return (
    <table className="summary-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Quantity</span>
          </th>
          <th scope="col" className="own">
            {heads[0]}
          </th>
          {compare && <th scope="col">{heads[1]}</th>}
          {compare && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            <td className="own">{row.now}</td>
            {compare && <td className="was">{row.before}</td>}
            {compare && (
              <td className={row.verdict}>
                {row.change}
                {row.verdict !== "same" && <span className="visually-hidden"> {row.verdict}</span>}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
});

const STEPS = 120;

const CdfChart = memo(function CdfChart({ model, width, palette }: { model: CdfModel; width: number; palette: Palette }): ReactNode {
  const figure = useMemo(() => cdfFigure(model, width), [model, width]);
  const scales = useMemo(() => cdfScales(model, width), [model, width]);
  const span = width - PLOT.left - PLOT.right;
  const xOf = (step: number): number => PLOT.left + (step / (STEPS - 1)) * span;
  const empty = model.cdf.seconds.length === 0;
  if (empty)
    return (
      <div className="panel hover-chart">
        <SectionHead title={model.title} level={3} />
        <p className="empty">
          {model.id === "tpot" ? "No answer has a second token yet: nothing to measure." : "No request has got that far yet."}
        </p>
      </div>
    );
  const show = model.id === "tpot" ? (v: number): string => withUnit(fixed(v * 1000, 0), "ms") : seconds;
  return (
    <HoverChart
      title={model.title}
      text={cdfText(model)}
      palette={palette}
      figure={figure}
      table={() => cdfTable(model)}
      steps={STEPS}
      stepAt={(x) => Math.round(((x - PLOT.left) / span) * (STEPS - 1))}
      xOf={xOf}
      plot={{ left: PLOT.left, right: PLOT.right, top: PLOT.top, height: PLOT.cdf }}
      tip={(step) => {
        const value = scales.invert(xOf(step));
        const rows: [string, string][] = [["requests within", percent(shareAt(model.cdf, value))]];
        if (model.ghost) rows.push(["compared run", percent(shareAt(model.ghost, value))]);
        rows.push(["P50", show(secondsAt(model.cdf, 0.5))], ["P99", show(secondsAt(model.cdf, 0.99))]);
        return { name: show(value), rows };
      }}
    />
  );
});

const BarChart = memo(function BarChart({ model, width, palette }: { model: BarModel; width: number; palette: Palette }): ReactNode {
  const figure = useMemo(() => barsFigure(model, width), [model, width]);
  const count = model.shares.length;
  const span = width - PLOT.left - PLOT.right;
  const most = model.shares.reduce((best, share, i) => (share > (model.shares[best] as number) ? i : best), 0);
  const name = (i: number): string =>
    model.width === 1 ? `${integer(i)} requests` : `${i * model.width} to ${(i + 1) * model.width - 1} requests`;
  return (
    <HoverChart
      title="Batch size"
      phrase="% of time"
      text={`Batch size, share of ready replica time: most often ${name(most)}, ${percent(model.shares[most], 0)}.`}
      palette={palette}
      figure={figure}
      table={() => barTable(model)}
      steps={count}
      stepAt={(x) => barAt(model, width, x)}
      xOf={(step) => PLOT.left + ((step + 0.5) / count) * span}
      plot={{ left: PLOT.left, right: PLOT.right, top: PLOT.top, height: PLOT.bars }}
      tip={(step) => ({
        name: name(step),
        rows: [
          ["replica time", percent(model.shares[step])],
          ...(model.ghost ? ([["compared run", percent(model.ghost[step])]] as [string, string][]) : []),
        ],
      })}
    />
  );
});
