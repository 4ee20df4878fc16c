// Why one request was late: a sentence with cause and numbers, its phases on its own clock, and what its replica did meanwhile.
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { RequestTimeline } from "../../../engine/metrics/results.ts";
import { runHost } from "../../rpc/run-control.ts";
import { useRunStore } from "../../state/run-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import type { TipContent } from "../../ui/chart/tooltip.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { fetched } from "../../ui/fetched.tsx";
import { fixed, integer, seconds } from "../../ui/format.ts";
import { tenantNames } from "../moment.ts";
import { useRunData } from "../use-run-data.ts";
import { layoutWhy, whyFigure } from "./draw.ts";
import { selectWhy, usualOf, type Usual, type WhyModel } from "./select.ts";
import "./why.css";

const STEPS = 160;

const RouteChoiceTable = fetched(async () => (await import("./choice.tsx")).RouteChoiceTable);

/** The replay of one request; null while it is on its way or where there is none. */
function useTimeline(id: number | null, run: number): RequestTimeline | null {
  const [timeline, setTimeline] = useState<RequestTimeline | null>(null);
  useEffect(() => {
    setTimeline(null);
    const host = id === null ? null : runHost();
    if (id === null || !host) return;
    let over = false;
    host.timeline(id).then(
      (found) => {
        if (!over) setTimeline(found);
      },
      () => undefined, // The columns alone tell the story then, with fewer details.
    );
    return () => {
      over = true;
    };
  }, [id, run]);
  return timeline?.id === id ? timeline : null;
}

export function WhyPanel(): ReactNode {
  const { picture, requests } = useRunData(500);
  const scenario = useRunStore((state) => state.current.scenario);
  const run = useRunStore((state) => state.current.id);
  const id = useViewStore((state) => state.selectedRequest);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const timeline = useTimeline(id, run);
  const { length } = requests;

  const row = useMemo(() => (id === null ? -1 : requests.id.subarray(0, length).indexOf(id)), [id, requests, length, run]);
  // Medians of the run, taken when a request is opened and again when the run has doubled since.
  const usual = useRef<{ run: number; length: number; value: Usual } | null>(null);
  const model = useMemo((): WhyModel | null => {
    if (row < 0) return null;
    if (!usual.current || usual.current.run !== run || length > usual.current.length * 2)
      usual.current = { run, length, value: usualOf(requests) };
    return selectWhy({
      log: requests,
      row,
      slo: scenario?.sloClasses[requests.sloClass[row] as number] ?? null,
      tenant: tenantNames(picture, scenario)[requests.tenant[row] as number] ?? `tenant ${(requests.tenant[row] as number) + 1}`,
      picture,
      timeline,
      usual: usual.current.value,
    });
    // The picture grows, but a finished request's own stretch of it does not change.
  }, [row, run, timeline, scenario, picture === null]);
  const figure = useMemo(() => (model && width > 0 ? whyFigure(model, width) : null), [model, width]);
  const layout = useMemo(() => (model && width > 0 ? layoutWhy(model, width) : null), [model, width]);

  const text = model ? model.sentence.map((part) => part.text).join("") : "";
  return (
    <section className="panel why-panel" aria-label="Why late">
      {model ? (
        <SectionHead
          title={model.title}
          phrase={model.facts}
          exports={figure ? { title: `Request ${model.id}`, palette, figure: () => figure, table: () => whyTable(model) } : undefined}
        />
      ) : (
        <SectionHead title="Why late" />
      )}
      {!model && <Nothing id={id} />}
      {model && (
        <p className="why-sentence" aria-live="polite">
          {model.sentence.map((part, i) =>
            part.kind ? (
              <b key={i} className={part.kind}>
                {part.text}
              </b>
            ) : (
              <span key={i}>{part.text}</span>
            ),
          )}
        </p>
      )}
      <div ref={box}>
        {model && figure && layout && (
          <HoverChart
            bare
            title={`Request ${model.id} on its own clock, seconds since arrival`}
            text={text}
            palette={palette}
            figure={figure}
            table={() => whyTable(model)}
            steps={STEPS}
            stepAt={(x) => Math.round(((x - layout.left) / layout.plot) * (STEPS - 1))}
            xOf={(step) => layout.left + (step / (STEPS - 1)) * layout.plot}
            plot={{ left: layout.left, right: width - layout.left - layout.plot, top: 16, height: layout.bottom - 16 }}
            tipY={layout.batchTop + 20}
            tip={(step) => whyTip(model, (step / (STEPS - 1)) * model.end)}
          />
        )}
      </div>
      {timeline?.choice && timeline.choice.replicas.length > 1 && (
        <RouteChoiceTable timeline={timeline} names={picture?.fleet.replicas.map(({ name }) => name) ?? []} />
      )}
    </section>
  );
}

function Nothing({ id }: { readonly id: number | null }): ReactNode {
  const { picture, requests } = useRunData(500);
  if (id !== null) return <p className="empty">Request {id} has not ended yet, or this run keeps no single requests.</p>;
  if (requests.length === 0) return <p className="empty">No request has ended yet.</p>;
  const slowest = (): void => {
    let worst = 0;
    let most = -1;
    for (let row = 0; row < requests.length; row++) {
      const ttft = (requests.firstTokenAt[row] as number) - (requests.arrivedAt[row] as number);
      if (ttft > most) [most, worst] = [ttft, row];
    }
    useViewStore.getState().selectRequest(requests.id[worst] as number);
  };
  return (
    <>
      <p className="empty">No request is open. Choose one in the table, by click or with the arrow keys and Enter.</p>
      <button type="button" className="button" onClick={slowest}>
        Open the slowest first token{picture ? ` of ${integer(requests.length)}` : ""}
      </button>
    </>
  );
}

function valueAt(model: WhyModel, column: "running" | "waiting", time: number): number {
  const { context } = model;
  let value = NaN;
  if (context) for (let i = 0; i < context.at.length && (context.at[i] as number) <= time; i++) value = context[column][i] as number;
  return value;
}

function whyTip(model: WhyModel, time: number): TipContent {
  const phase = model.phases.find((one) => one.pieces.some(([from, to]) => time >= from && time < to));
  const rows: [string, string][] = [];
  if (model.context) {
    rows.push(
      [`batch on ${model.replica}`, integer(valueAt(model, "running", time))],
      [`waiting on ${model.replica}`, integer(valueAt(model, "waiting", time))],
    );
  }
  return { name: `${seconds(time)} after arrival`, ...(phase ? { state: phase.label.toLowerCase().replace(/ on .*/, "") } : {}), rows };
}

function whyTable(model: WhyModel): TableData {
  const rows: (readonly [string, number, number])[] = model.phases.flatMap((phase) =>
    phase.pieces.map(([from, to]) => [phase.label, from, to] as const),
  );
  const at = (i: number): readonly [string, number, number] => rows[i] as readonly [string, number, number];
  return {
    title: `Request ${model.id}`,
    length: rows.length,
    columns: [
      { label: "Phase", raw: (i) => at(i)[0], show: (i) => at(i)[0] },
      { label: "From", unit: "s", raw: (i) => at(i)[1], show: (i) => fixed(at(i)[1], 3) },
      { label: "To", unit: "s", raw: (i) => at(i)[2], show: (i) => fixed(at(i)[2], 3) },
      { label: "Length", unit: "s", raw: (i) => at(i)[2] - at(i)[1], show: (i) => fixed(at(i)[2] - at(i)[1], 3) },
    ],
  };
}
