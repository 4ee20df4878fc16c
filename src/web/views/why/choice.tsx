// Who could have had the request: what the router knew of each candidate, and what each would have given, from replays with another choice.
import { useEffect, useState, type ReactNode } from "react";
import type { RequestTimeline, RouteChoice } from "../../../engine/metrics/results.ts";
import { runHost } from "../../rpc/run-control.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import { usePalette } from "../../ui/chart/palette.ts";
import { NONE, integer, seconds, significant } from "../../ui/format.ts";

/** Candidates that are shown, the chosen one among them: each costs a replay. */
const MOST = 16;

interface Outcome {
  /** Seconds; NaN when it has not come by now. */
  readonly ttft: number;
  readonly e2e: number;
  readonly cached: number;
}

export function outcomeOf({ events, cachedTokens }: RequestTimeline): Outcome {
  const at = (kind: string): number => events.find((event) => event.kind === kind)?.at ?? NaN;
  return { ttft: at("first-token") - at("arrived"), e2e: at("finished") - at("arrived"), cached: cachedTokens };
}

/** The candidates to show: the first ones by number, and the chosen one. */
export function shownOf({ replicas, chosen }: RouteChoice): number[] {
  const places = replicas.map((_, place) => place);
  if (places.length <= MOST) return places;
  const own = replicas.indexOf(chosen);
  return own < MOST ? places.slice(0, MOST) : [...places.slice(0, MOST - 1), own];
}

const number = (value: number): string => (Number.isInteger(value) ? integer(value) : significant(value));

export function RouteChoiceTable({
  timeline,
  names,
}: {
  readonly timeline: RequestTimeline;
  readonly names: readonly string[];
}): ReactNode {
  const palette = usePalette();
  const choice = timeline.choice!;
  const [outcomes, setOutcomes] = useState<ReadonlyMap<number, Outcome>>(new Map());
  const [asked, setAsked] = useState(false);
  const places = shownOf(choice);
  useEffect(() => {
    setAsked(false);
    setOutcomes(new Map([[choice.chosen, outcomeOf(timeline)]]));
  }, [timeline]);
  useEffect(() => {
    if (!asked) return;
    let over = false;
    const ask = async (): Promise<void> => {
      for (const place of places) {
        const replica = choice.replicas[place]!;
        if (replica === choice.chosen) continue;
        const other = await runHost()?.timeline(timeline.id, replica);
        if (over || !other) return;
        setOutcomes((before) => new Map([...before, [replica, outcomeOf(other)]]));
      }
    };
    ask().catch(() => undefined); // The run is gone: what is there stays.
    return () => {
      over = true;
    };
  }, [asked, timeline]);

  const nameOf = (replica: number): string => names[replica] ?? String(replica + 1);
  const columns = [
    ...choice.names.map((label, i) => ({ label, of: (place: number): number => choice.scores[place]![i]!, show: number })),
    { label: "cached", of: (place: number) => outcomes.get(choice.replicas[place]!)?.cached ?? NaN, show: number },
    { label: "TTFT", of: (place: number) => outcomes.get(choice.replicas[place]!)?.ttft ?? NaN, show: seconds },
    { label: "E2E", of: (place: number) => outcomes.get(choice.replicas[place]!)?.e2e ?? NaN, show: seconds },
  ];
  const table = (): TableData => ({
    title: `Candidates of request ${timeline.id}`,
    length: places.length,
    columns: [
      { label: "Replica", raw: (row) => nameOf(choice.replicas[places[row]!]!), show: (row) => nameOf(choice.replicas[places[row]!]!) },
      ...columns.map(({ label, of, show }) => ({
        label,
        raw: (row: number): number => of(places[row]!),
        show: (row: number): string => show(of(places[row]!)),
      })),
    ],
  });
  return (
    <div className="route-choice">
      <SectionHead
        level={3}
        title="Who could have had it"
        phrase={
          choice.predictedTokens < 0
            ? undefined
            : `expected ${integer(choice.predictedTokens)} tokens cached, found ${integer(timeline.cachedTokens)}`
        }
        exports={{ title: `Candidates of request ${timeline.id}`, palette, table }}
      />
      <div className="route-scroll" role="region" aria-label="Candidates of the router" tabIndex={0}>
        <table className="number-table">
          <thead>
            <tr>
              <th scope="col">Replica</th>
              {columns.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((place) => {
              const replica = choice.replicas[place]!;
              return (
                <tr key={replica} className={replica === choice.chosen ? "chosen" : undefined}>
                  <th scope="row">
                    {nameOf(replica)}
                    {replica === choice.chosen && <span className="visually-hidden">, chosen</span>}
                  </th>
                  {columns.map(({ label, of, show }) => (
                    <td key={label}>{Number.isNaN(of(place)) ? NONE : show(of(place))}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {!asked && (
        <button type="button" className="button" onClick={() => setAsked(true)}>
          What would the others have given?
        </button>
      )}
      {choice.replicas.length > places.length && (
        <p className="remark">
          {integer(places.length)} of {integer(choice.replicas.length)} candidates are shown.
        </p>
      )}
    </div>
  );
}
