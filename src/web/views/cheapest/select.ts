// Candidates of a fleet search: price against attainment, a row each.
import type { FleetCandidate, FleetVerdict } from "../../../analysis/types.ts";
import { gpus } from "../../../scenario/registries.ts";
import type { MarkShape } from "../../ui/chart/symbols.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { counted, fixed, money, NONE, percent, perHour } from "../../ui/format.ts";

export const VERDICTS: Readonly<
  Record<FleetVerdict, { readonly label: string; readonly color: string; readonly shape: MarkShape; readonly full: boolean }>
> = {
  meets: { label: "meets the SLOs", color: "slo-ok", shape: "circle", full: true },
  misses: { label: "misses them", color: "slo-miss", shape: "square", full: false },
  open: { label: "not clear yet", color: "ghost", shape: "diamond", full: false },
  dominated: { label: "not tried", color: "ghost", shape: "circle", full: false },
  impossible: { label: "cannot run", color: "ghost", shape: "square", full: false },
};

const gpuName = (id: string): string => gpus.find((gpu) => gpu.id === id)?.name ?? id;

/** Names of what a fleet is made of, as people say them. */
const WORDS: Readonly<Record<string, (value: string) => string>> = {
  gpu: gpuName,
  tensorParallel: (value) => `TP ${value}`,
  pipelineParallel: (value) => `PP ${value}`,
  replicas: (value) => counted(Number(value), "replica"),
};

/** "4 replicas, NVIDIA H100 SXM, TP 2". */
export function fleetName({ values }: FleetCandidate): string {
  const { replicas, ...rest } = values;
  const parts = Object.entries(rest).map(([name, value]) => WORDS[name]?.(value) ?? value);
  return [...(replicas === undefined ? [] : [WORDS["replicas"]!(replicas)]), ...parts].join(", ");
}

export interface FleetPoint {
  readonly candidate: FleetCandidate;
  readonly name: string;
  readonly costPerHour: number;
  readonly attainment: number;
}

/** Candidates with runs; those without have no place. */
export const pointsOf = (candidates: readonly FleetCandidate[]): FleetPoint[] =>
  candidates.flatMap((candidate) =>
    candidate.costPerHour === null || candidate.attainment === null
      ? []
      : [{ candidate, name: fleetName(candidate), costPerHour: candidate.costPerHour, attainment: candidate.attainment }],
  );

export const intervalText = ({ attainment, low, high }: FleetCandidate): string =>
  attainment === null
    ? NONE
    : low === null || high === null
      ? percent(attainment)
      : `${percent(attainment)} (${fixed(100 * Math.max(0, low), 1)} to ${fixed(100 * Math.min(1, high), 1)})`;

/** First what answers, then what was tried by price, then the rest by price. */
export function rowsOf(candidates: readonly FleetCandidate[], best: FleetCandidate | null): readonly FleetCandidate[] {
  const rank = (candidate: FleetCandidate): number =>
    candidate === best ? 0 : candidate.runs > 0 ? 1 : candidate.verdict === "dominated" ? 2 : 3;
  return [...candidates].sort((a, b) => rank(a) - rank(b) || (a.costPerHour ?? Infinity) - (b.costPerHour ?? Infinity));
}

export function fleetTable(candidates: readonly FleetCandidate[]): TableData {
  const at = (row: number): FleetCandidate => candidates[row]!;
  return {
    title: "Fleets",
    length: candidates.length,
    columns: [
      { label: "Fleet", raw: (row) => fleetName(at(row)), show: (row) => fleetName(at(row)) },
      { label: "Verdict", raw: (row) => at(row).verdict, show: (row) => VERDICTS[at(row).verdict].label },
      { label: "Cost", unit: "$/h", raw: (row) => at(row).costPerHour, show: (row) => money(at(row).costPerHour) },
      { label: "Requests that meet every SLO", raw: (row) => at(row).attainment, show: (row) => intervalText(at(row)) },
      { label: "Runs", raw: (row) => at(row).runs, show: (row) => String(at(row).runs) },
      { label: "Why", raw: (row) => at(row).reason ?? "", show: (row) => at(row).reason ?? "" },
    ],
  };
}

export const fleetsText = (points: readonly FleetPoint[]): string =>
  `Price against requests that meet every SLO. ${points.map(({ name, costPerHour, attainment }) => `${name}: ${perHour(costPerHour)}, ${percent(attainment)}`).join("; ")}.`;
