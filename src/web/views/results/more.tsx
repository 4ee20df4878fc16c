// More of the results: batches, stages and where time goes. The live run does not keep them: a second run in a worker of its own does, up to where
// the first one stands. Asked again when the run has ended or another one has begun; the old figures stay until then.
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { replay, runPosition, type Question } from "../../rpc/replay-client.ts";
import type { ReplayDetail } from "../../rpc/protocol.ts";
import { useRunStore } from "../../state/run-store.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { ExportTools, SectionHead } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { clock, percent } from "../../ui/format.ts";
import { barAt, barsFigure, PLOT } from "./draw.ts";
import {
  barName,
  histogramsOf,
  histogramTable,
  histogramText,
  partGrid,
  poolGrid,
  requestGrid,
  stageTable,
  type Grid,
  type Histogram,
} from "./more-select.ts";

/** Runs that are restarted while a slider moves are not run twice each. */
const SETTLE_MS = 300;

// A style sheet of its own would be one more name in what the first screen loads.
/** Where the results stand in two columns. */
const WHOLE_WIDTH = { gridColumn: "1 / -1" } as const;
const BELOW = { margin: "4px 0 8px" } as const;

interface Asked {
  readonly made: ReplayDetail | null;
  /** Share of the second run that is done; null when none is under way. */
  readonly share: number | null;
  readonly trouble: string;
  again(): void;
}

function useDetail(): Asked {
  const id = useRunStore((state) => state.current.id);
  const over = useRunStore((state) => state.current.phase === "finished" || state.current.phase === "cancelled");
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Omit<Asked, "again">>({ made: null, share: null, trouble: "" });
  useEffect(() => {
    let question: Question<ReplayDetail> | null = null;
    let left = false;
    const set = (part: Partial<Asked>): void => {
      if (!left) setState((before) => ({ ...before, ...part }));
    };
    const ask = async (): Promise<void> => {
      const { scenario } = useRunStore.getState().current;
      try {
        const at = await runPosition();
        if (left) return;
        if (at === null || scenario === null)
          return set({ share: null, trouble: "This recorded run has no batches. Press Run to get them." });
        set({ share: 0, trouble: "" });
        question = replay(
          scenario,
          (share) => set({ share }),
          (host, trace, progress) => host.detail(scenario, trace, at, progress),
        );
        set({ made: await question.answer, share: null });
      } catch (error) {
        set({ share: null, trouble: error instanceof Error ? error.message : String(error) });
      }
    };
    const timer = setTimeout(() => void ask(), SETTLE_MS);
    return () => {
      left = true;
      clearTimeout(timer);
      question?.end();
    };
  }, [id, over, turn]);
  return { ...state, again: () => setTurn(turn + 1) };
}

/** The section, for a panel that loads it when it is asked for. */
export const more = (onHide: () => void): ReactNode => <More onHide={onHide} />;

function More({ onHide }: { readonly onHide: () => void }): ReactNode {
  const { made, share, trouble, again } = useDetail();
  const running = useRunStore((state) => state.current.phase === "running");
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const histograms = useMemo(() => (made === null ? [] : histogramsOf(made.counts)), [made]);
  const parts = made === null ? null : partGrid(made.detail);
  return (
    <section className="panel" aria-label="Batches and time" style={WHOLE_WIDTH}>
      <div className="section-head">
        <h2>Batches and time</h2>
        {made !== null && <span className="phrase">to {clock(made.simTime)}</span>}
        <div className="tools">
          {made !== null && running && share === null && (
            <button type="button" className="tool" onClick={again}>
              Bring up to now
            </button>
          )}
          <button type="button" className="tool" onClick={onHide}>
            Hide
          </button>
        </div>
      </div>
      <div ref={box}>
        {share !== null && (
          <div style={BELOW}>
            <p className="quiet">The run is simulated once more for this, {percent(share, 0)}.</p>
            <div
              className="bar"
              role="progressbar"
              aria-label="Second run"
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={Math.round(share * 100)}
            >
              <i style={{ width: `${share * 100}%` }} />
            </div>
          </div>
        )}
        {trouble !== "" && <p className="empty">{trouble}</p>}
        {made !== null && histograms.length === 0 && <p className="empty">No batch has ended yet.</p>}
        {width > 0 && histograms.map((one) => <Bars key={one.title} made={one} width={width} palette={palette} />)}
      </div>
      {made !== null && histograms.length > 0 && (
        <>
          <Rows title="Pools" phrase="over ready time" grid={poolGrid(made)}>
            <ExportTools title="Stages" palette={palette} table={() => stageTable(made)} />
          </Rows>
          {parts !== null && <Rows title="Where batches spend time" phrase="latency model" grid={parts} />}
          <Rows title="Where requests spend time" grid={requestGrid(made)} />
        </>
      )}
    </section>
  );
}

function Bars({ made, width, palette }: { readonly made: Histogram; readonly width: number; readonly palette: Palette }): ReactNode {
  const { bars } = made;
  const figure = useMemo(() => barsFigure(bars, width), [bars, width]);
  const span = width - PLOT.left - PLOT.right;
  return (
    <HoverChart
      title={made.title}
      phrase={made.unit === "ms" ? "ms, % of batches" : "% of batches"}
      text={histogramText(made)}
      palette={palette}
      figure={figure}
      table={() => histogramTable(made)}
      steps={bars.shares.length}
      stepAt={(x) => barAt(bars, width, x)}
      xOf={(step) => PLOT.left + ((step + 0.5) / bars.shares.length) * span}
      plot={{ left: PLOT.left, right: PLOT.right, top: PLOT.top, height: PLOT.bars }}
      tip={(step) => ({ name: barName(made, step), rows: [["batches", percent(bars.shares[step])]] })}
    />
  );
}

function Rows(props: { readonly title: string; readonly phrase?: string; readonly grid: Grid; readonly children?: ReactNode }): ReactNode {
  const { title, phrase, grid, children } = props;
  return (
    <div className="panel hover-chart" style={BELOW}>
      <SectionHead title={title} phrase={phrase} level={3}>
        {children}
      </SectionHead>
      <table className="summary-table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Quantity</span>
            </th>
            {grid.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              {row.cells.map((cell, i) => (
                <td key={grid.heads[i]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
