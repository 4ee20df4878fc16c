// Files of the run on the page, made by running it once more in a worker of its own; loaded when somebody asks for them.
import { useRunStore } from "../state/run-store.ts";
import { tell } from "../state/dialog-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { replay, runPosition } from "../rpc/replay-client.ts";
import { download, fileName } from "../ui/chart/download.ts";
import { clock } from "../ui/format.ts";

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs that take longer than this say so. */
const PATIENCE_MS = 400;

/** Says what is being done when it takes a while, and takes that back. */
async function patiently<T>(title: string, text: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => tell({ kind: "done", title, text }), PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    tell(null);
  }
}

/** The files of the run as far as it is, one download each. */
export async function exportRun(): Promise<void> {
  const { scenario } = useRunStore.getState().current;
  const at = await runPosition();
  if (at === null || scenario === null) {
    tell({ kind: "error", title: "There is no run to export.", text: "Press Run first." });
    return;
  }
  try {
    const { answer } = replay(
      scenario,
      () => undefined,
      (host, trace, progress) => host.files(scenario, trace, at, progress),
    );
    const files = await patiently("The files are being written.", "The run is simulated once more for them; this page goes on meanwhile.", answer);
    for (const [name, content] of Object.entries(files)) {
      download(`${fileName(scenario.name, "").replace(/\.$/, "")}-${name}`, content);
      // Browsers drop downloads that follow one another at once.
      await new Promise((done) => setTimeout(done, 150));
    }
  } catch (error) {
    tell({ kind: "error", title: "The run was not exported.", text: reasonOf(error) });
  }
}

/** Batches of the brushed range, or of the whole run, as Perfetto opens them. */
export async function exportPerfetto(): Promise<void> {
  const { scenario } = useRunStore.getState().current;
  if (scenario === null) return;
  const { range } = useViewStore.getState();
  const [from, to] = range ?? [0, Infinity];
  try {
    const { answer } = replay(
      scenario,
      () => undefined,
      (host, trace, progress) => host.perfetto(scenario, trace, [from, to], progress),
    );
    const span = range === null ? "the whole run" : `${clock(from)} to ${clock(to)}`;
    const { file, notes } = await patiently(
      `The trace of ${span} is being recorded.`,
      "The run is simulated once more with every batch written down; this page goes on meanwhile.",
      answer,
    );
    download(`${fileName(scenario.name, "").replace(/\.$/, "")}-perfetto.json`, file);
    if (notes.length > 0) tell({ kind: "done", title: "The trace is written.", text: notes.join(" ") });
  } catch (error) {
    tell({ kind: "error", title: "The trace was not recorded.", text: reasonOf(error) });
  }
}
