// Where requests come from: a measured workload, a synthetic one, or a dropped trace.
import type { NumberParam } from "../../../engine/params.ts";
import { useLists } from "../../state/lists.ts";
import { basicArrivals } from "../../../workload/synth/arrivals.ts";
import { basicLengths } from "../../../workload/synth/basic.ts";
import { workloadHeads } from "../../../workload/presets/heads.ts";
import type { TrafficSource } from "../../../scenario/types.ts";
import { forgetTrace, openFiles, pickFiles } from "../../commands/files.ts";
import { useRunStore, runData } from "../../state/run-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useTraceStore } from "../../state/trace-store.ts";
import { ChoiceField } from "../../ui/fields.tsx";
import { counted, significant } from "../../ui/format.ts";
import { Bound, BoundChoice, BoundOptional } from "./bound.tsx";
import {
  choiceOf,
  maxRequests,
  maxSeconds,
  outputScale,
  promptScale,
  rateScale,
  seed,
  traceFrom,
  traceLoop,
  traceTo,
} from "./descriptors.ts";
import { More } from "./more.tsx";
import { Section } from "./section.tsx";

const SYNTHETIC = "synthetic";
const MEASURED = "measured";

/** The arrival process of a measured workload, or another one with its lengths. */
function PresetArrivals() {
  const id = useScenarioStore(({ scenario: { traffic } }) =>
    traffic.source.kind === "preset" ? (traffic.source.arrivals?.id ?? MEASURED) : MEASURED,
  );
  const { set, endGesture } = useScenarioStore.getState();
  // What says whose each request is goes with lengths that say the same.
  const arrivals = useLists().arrivals.filter((entry) => entry.id !== "tenant-rates");
  const param = choiceOf("Arrivals", "The measured arrival process, or another one with the same lengths.", [
    { id: MEASURED, label: "As measured" },
    ...arrivals,
  ]);
  if (id === MEASURED)
    return (
      <ChoiceField
        label="Arrivals"
        param={param}
        value={id}
        onChange={(next) => set("traffic.source.arrivals", { id: next })}
        onEnd={endGesture}
      />
    );
  return (
    <>
      <ChoiceField
        label="Arrivals"
        param={param}
        value={id}
        onChange={(next) => set("traffic.source.arrivals", next === MEASURED ? undefined : { id: next })}
        onEnd={endGesture}
      />
      {Object.entries(arrivals.find((entry) => entry.id === id)?.params ?? {}).map(([key, entry]) => (
        <Bound key={`${id}.${key}`} path={`traffic.source.arrivals.params.${key}`} name={key} param={entry} />
      ))}
    </>
  );
}

function SourceChoice() {
  const source = useScenarioStore((state) => state.scenario.traffic.source);
  const kept = useTraceStore((state) => state.kept);
  const { change, endGesture } = useScenarioStore.getState();
  const traces =
    source.kind === "trace" && !kept.some((entry) => entry.hash === source.hash)
      ? [{ hash: source.hash, file: source.file }, ...kept]
      : kept;
  const options = [
    ...workloadHeads.map((entry) => ({ id: entry.id, label: entry.title })),
    { id: SYNTHETIC, label: "Synthetic" },
    ...traces.map((entry) => ({ id: entry.hash, label: entry.file })),
  ];
  const value = source.kind === "preset" ? source.id : source.kind === "trace" ? source.hash : SYNTHETIC;
  const workload = workloadHeads.find((entry) => entry.id === value);
  const help =
    workload === undefined
      ? "A measured workload, a synthetic one, or a trace of your own."
      : `${workload.basis} Source: ${workload.source}.`;
  const choose = (id: string): void => {
    const trace = traces.find((entry) => entry.hash === id);
    const next: TrafficSource =
      trace !== undefined
        ? { kind: "trace", hash: trace.hash, file: trace.file, from: 0, to: null, loop: false }
        : id === SYNTHETIC
          ? { kind: "synthetic", arrivals: { id: basicArrivals[0]?.id ?? "" }, lengths: { id: basicLengths[0]?.id ?? "" } }
          : { kind: "preset", id };
    change((scenario) => ({
      ...scenario,
      traffic: {
        ...scenario.traffic,
        source: next,
        maxSeconds: next.kind === "trace" ? null : (scenario.traffic.maxSeconds ?? (scenario.traffic.maxRequests === null ? 600 : null)),
      },
    }));
  };
  return (
    <>
      <ChoiceField label="Source" param={choiceOf("Source", help, options)} value={value} onChange={choose} onEnd={endGesture} />
      <p className="remark">
        <button type="button" className="text-button" onClick={() => pickFiles((files) => void openFiles(files))}>
          Open a trace
        </button>{" "}
        or drop one anywhere.
        {kept.some((entry) => entry.hash === value) && source.kind === "trace" && (
          <>
            {" "}
            <button type="button" className="text-button" onClick={() => void forgetTrace(value)}>
              Forget this one
            </button>
          </>
        )}
      </p>
    </>
  );
}

function useSummary(): string {
  const tenants = useScenarioStore((state) => state.scenario.tenants.length);
  const rate = useRunStore((state) => {
    const picture = state.revision > 0 ? runData.picture : null;
    return picture === null || picture.progress.simTime <= 0
      ? ""
      : `${significant(picture.summary.requests.total / Math.max(1, picture.progress.simTime))} req/s, `;
  });
  return `${rate}${counted(tenants, "tenant")}`;
}

/** A time of the trace, up to its length where that is known. */
const within = (param: NumberParam, duration: number | undefined): NumberParam =>
  duration === undefined ? param : { ...param, max: Math.max(1, Math.ceil(duration)), step: 1 };

export function TrafficSection({ problems }: { readonly problems: readonly string[] }) {
  const kind = useScenarioStore((state) => state.scenario.traffic.source.kind);
  const { arrivals, lengths } = useLists();
  const hash = useScenarioStore(({ scenario: { traffic } }) => (traffic.source.kind === "trace" ? traffic.source.hash : ""));
  const duration = useTraceStore((state) => state.kept.find((entry) => entry.hash === hash)?.report.statistics?.durationS);
  return (
    <Section
      id="traffic"
      title="Traffic"
      summary={useSummary()}
      edits={(path) => path.startsWith("traffic") || path === "seed"}
      problems={problems}
    >
      <SourceChoice />
      <Bound path="traffic.rateScale" param={rateScale} />
      {kind === "preset" && <PresetArrivals />}
      {kind === "synthetic" && (
        <>
          <BoundChoice path="traffic.source.arrivals" label="Arrivals" registry={arrivals} />
          <BoundChoice path="traffic.source.lengths" label="Lengths" registry={lengths} />
        </>
      )}
      {kind === "trace" && (
        <>
          <Bound path="traffic.source.from" param={within(traceFrom, duration)} />
          <BoundOptional path="traffic.source.to" param={within(traceTo, duration)} none="the end" />
          <Bound path="traffic.source.loop" param={traceLoop} />
        </>
      )}
      <More title="Lengths, limits, seed">
        <Bound path="traffic.promptScale" param={promptScale} />
        <Bound path="traffic.outputScale" param={outputScale} />
        <BoundOptional path="traffic.maxSeconds" param={maxSeconds} none="no limit" />
        <BoundOptional path="traffic.maxRequests" param={maxRequests} none="no limit" />
        <Bound path="seed" param={seed} />
      </More>
    </Section>
  );
}
