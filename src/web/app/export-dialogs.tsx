// Files of the run on the page, made by running it once more in a worker of its own: its results, and a trace of its batches.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { replay, runPosition, type Question } from "../rpc/replay-client.ts";
import type { DecodeSlices } from "../rpc/protocol.ts";
import { useRunStore } from "../state/run-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { download, fileName } from "../ui/chart/download.ts";
import { Dialog } from "../ui/dialog.tsx";
import { bytes, clock, percent } from "../ui/format.ts";
import { Segmented } from "../ui/segmented.tsx";
import "./export.css";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "working"; readonly share: number }
  | { readonly kind: "done" | "failed"; readonly text: string };

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const nameOf = (scenario: string, file: string): string => `${fileName(scenario, "").replace(/\.$/, "")}-${file}`;

/** One question at a time; the one at work ends with the dialog. */
function useQuestion() {
  const [state, setState] = useState<State>({ kind: "idle" });
  const question = useRef<Question<unknown> | null>(null);
  useEffect(() => () => question.current?.end(), []);
  const ask = async <Answer,>(
    pose: (progress: (share: number) => void) => Question<Answer>,
    take: (answer: Answer) => string | Promise<string>,
  ): Promise<void> => {
    setState({ kind: "working", share: 0 });
    try {
      const posed = pose((share) => setState({ kind: "working", share }));
      question.current = posed;
      const text = await take(await posed.answer);
      setState({ kind: "done", text });
    } catch (error) {
      setState({ kind: "failed", text: reasonOf(error) });
    }
  };
  return { state, setState, ask };
}

function Progress({ label, share }: { readonly label: string; readonly share: number }): ReactNode {
  return (
    <div className="export-progress">
      <p className="quiet" role="status">
        {label}
      </p>
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: percent(share, 0).replace("\u00a0", "") }} />
      </div>
    </div>
  );
}

const Outcome = ({ state }: { readonly state: State }): ReactNode =>
  state.kind === "failed" ? <p role="alert">{state.text}</p> : state.kind === "done" ? <p role="status">{state.text}</p> : null;

/** The files of the run as far as it is, one download each. */
export function FilesDialog({ onClose }: { readonly onClose: () => void }) {
  const { state, setState, ask } = useQuestion();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    const { scenario } = useRunStore.getState().current;
    void runPosition().then((at) => {
      if (at === null || scenario === null) return setState({ kind: "failed", text: "There is no run to export. Press Run first." });
      return ask(
        (progress) => replay(scenario, progress, (host, given, onProgress) => host.files(scenario, given, at, onProgress)),
        async (files) => {
          for (const [name, content] of Object.entries(files)) {
            download(nameOf(scenario.name, name), content);
            // Browsers drop downloads that follow one another at once.
            await new Promise((done) => setTimeout(done, 150));
          }
          onClose();
          return "";
        },
      );
    });
  });
  return (
    <Dialog title="Export this run" width={420} onClose={onClose}>
      <p>
        The summary as JSON; requests, replicas, the fleet, fairness between tenants and what autoscalers did as CSV. The run is simulated
        once more for them.
      </p>
      {state.kind === "working" && <Progress label="Writing the files." share={state.share} />}
      <Outcome state={state} />
    </Dialog>
  );
}

const DECODES: readonly { readonly id: DecodeSlices; readonly label: string }[] = [
  { id: "auto", label: "As there is room" },
  { id: "each", label: "One by one" },
  { id: "runs", label: "Runs as one" },
];

/** Batches of the brushed range, or of the whole run, as Perfetto opens them. */
export function PerfettoDialog({ onClose }: { readonly onClose: () => void }) {
  const range = useViewStore((store) => store.range);
  const scenario = useRunStore((store) => store.current.scenario);
  const [whole, setWhole] = useState(range === null);
  const [decodes, setDecodes] = useState<DecodeSlices>("auto");
  const { state, ask } = useQuestion();
  const record = (): void => {
    if (scenario === null) return;
    const window = range === null || whole ? ([0, Infinity] as const) : range;
    void ask(
      (progress) =>
        replay(scenario, progress, (host, given, onProgress) => host.perfetto(scenario, given, { window, decodes }, onProgress)),
      ({ file, notes }) => {
        download(nameOf(scenario.name, "perfetto.json"), file);
        return [`The trace is written, ${bytes(file.size)}. Open it at ui.perfetto.dev or in chrome://tracing.`, ...notes].join(" ");
      },
    );
  };
  return (
    <Dialog title="Export a Perfetto trace" width={480} onClose={onClose}>
      <p>
        Every batch of each replica and stage as a slice, with requests in queues, KV blocks, preemptions, what happened to replicas and
        what autoscalers ordered. The run is simulated once more to record them.
      </p>
      <div className="export-choices">
        <span>Time</span>
        {range === null ? (
          <span>The whole run. Brush a range in the tracks for a part of it.</span>
        ) : (
          <Segmented
            label="Time"
            options={[
              { id: "range", label: `${clock(range[0])} to ${clock(range[1])}` },
              { id: "whole", label: "Whole run" },
            ]}
            value={whole ? "whole" : "range"}
            onChange={(id) => setWhole(id === "whole")}
          />
        )}
        <span>Decodes</span>
        <Segmented label="Decode iterations" options={DECODES} value={decodes} onChange={setDecodes} />
      </div>
      {state.kind === "working" && <Progress label="Recording." share={state.share} />}
      <Outcome state={state} />
      <footer>
        <button type="button" className="button" onClick={onClose}>
          {state.kind === "working" ? "Cancel" : "Close"}
        </button>
        <button type="button" className="button ink" disabled={scenario === null || state.kind === "working"} onClick={record}>
          Record and save
        </button>
      </footer>
    </Dialog>
  );
}
