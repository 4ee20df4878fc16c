// Reads a file of measured batches and fits it in the fit worker: the one place that talks to it. Loaded with the screen of latency models.
import type { Form } from "../../latency/fit/fit.ts";
import type { ReadOptions } from "../../latency/fit/read.ts";
import type { FitAnswer, FitEvent, FitHost, FitModelFile, FitSource } from "../../latency/fit/session-types.ts";
import { fitData, NO_FIT, setFit, useFitStore } from "../state/fit-store.ts";
import type { FitForm } from "../state/fit-store.ts";
import { proxy, type Connection } from "./client.ts";
import { connectFit } from "./fit-client.ts";

let connection: Connection<FitHost> | null = null;
/** What was asked last: events of what was asked before are late. */
let asked = 0;

const ask = (): { readonly id: number; readonly host: Connection<FitHost>["host"] } => {
  connection ??= connectFit((why) => {
    connection = null;
    asked++;
    setFit({}, { phase: fitData.forms.size > 0 ? "cancelled" : "empty", progress: null, error: `The fit stopped: ${why}. Fit again.` });
  });
  return { id: ++asked, host: connection.host };
};

/** "time_ms=latency, tokens=n": columns by the names of a format. */
function mapped(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(",")
      .map((pair) => pair.split("=").map((part) => part.trim()))
      .filter(([name, column]) => name !== undefined && name !== "" && column !== undefined && column !== "")
      .map(([name, column]) => [name!, column!]),
  );
}

const readOptions = ({ unit, map, pick }: FitForm): ReadOptions => ({
  map: mapped(map),
  ...(unit === "" ? {} : { unit }),
  ...(pick.trim() === "" ? {} : { pick: pick.trim() }),
});

/** Reads a file or a text, then fits it. What was there stays when it cannot be read. */
export async function readMeasured(source: FitSource): Promise<void> {
  const { id, host } = ask();
  const before = useFitStore.getState().phase;
  setFit({}, { phase: "reading", error: null, progress: null });
  try {
    const outcome = await host.read(source, readOptions(useFitStore.getState().form));
    if (id !== asked) return;
    if (!outcome.ok) {
      const phase = fitData.forms.size === 0 ? "empty" : before === "fitting" ? "cancelled" : before;
      // Another reading of the same file may do: its unit, columns or series can be set.
      setFit({ source }, { phase, error: outcome.code === "cancelled" ? null : outcome.text });
      return;
    }
    setFit({ ...NO_FIT, source, input: outcome.input }, { badge: null, chosen: null, picked: null, lookedAt: null });
    await fitAgain();
  } catch (error) {
    failed(id, error);
  }
}

function failed(id: number, error: unknown): void {
  if (id === asked) setFit({}, { phase: "cancelled", progress: null, error: error instanceof Error ? error.message : String(error) });
}

function take(event: FitEvent): void {
  switch (event.kind) {
    case "progress":
      return useFitStore.setState(({ device }) => ({ progress: event.progress, device: { ...device, name: event.device } }));
    case "device":
      return useFitStore.setState(({ device }) => ({ device: { ...device, line: event.line } }));
    case "form":
      return setFit({ forms: new Map([...fitData.forms, [event.fitted.form, event.fitted]]) });
    case "intervals":
      return setFit({
        intervals: new Map([...fitData.intervals, [event.form, { bootstrap: event.bootstrap, total: event.total }]]),
      });
    case "residuals":
      return setFit({ outOfBag: new Map([...fitData.outOfBag, [event.form, event.outOfBag]]) });
    case "nested":
      return setFit({ nested: event.errors });
  }
}

async function follow(id: number, work: (listener: (event: FitEvent) => void) => Promise<FitAnswer>): Promise<void> {
  try {
    const answer = await work(proxy((event: FitEvent) => (id === asked ? take(event) : undefined)));
    if (id !== asked) return;
    if (!answer.ok) setFit({}, { phase: "cancelled", progress: null, error: answer.text });
    else
      setFit(
        { warnings: answer.warnings },
        {
          phase: answer.cancelled ? "cancelled" : "fitted",
          progress: null,
          badge: answer.badge,
          chosen: answer.chosen ?? useFitStore.getState().chosen,
          device: { name: answer.badge.device, line: answer.badge.line },
        },
      );
  } catch (error) {
    failed(id, error);
  }
}

/** Fits what was read with the options as they are now. */
export async function fitAgain(): Promise<void> {
  const { id, host } = ask();
  const { form, replicates, seed, starts, device, keepDominated } = useFitStore.getState().form;
  setFit(
    { ...NO_FIT },
    { phase: "fitting", error: null, progress: null, badge: null, chosen: null, picked: null, device: { name: "cpu", line: "" } },
  );
  await follow(id, (listener) => host.fit({ form, replicates, seed, starts, device, keepDominated }, listener));
}

/** Shows another form; its intervals are computed when they are not there. */
export async function pickForm(form: Form): Promise<void> {
  const { phase, form: options } = useFitStore.getState();
  setFit({}, { picked: form });
  if (phase !== "fitted" || options.replicates === 0 || fitData.intervals.has(form)) return;
  const { id, host } = ask();
  const { chosen, badge } = useFitStore.getState();
  setFit({}, { phase: "fitting" });
  await follow(id, (listener) => host.intervals(form, listener));
  if (id === asked) setFit({}, { chosen, badge: badge ?? useFitStore.getState().badge });
}

/** Says so at once; the worker answers with what it has. */
export function cancelFit(): void {
  if (useFitStore.getState().phase === "empty") return;
  setFit({}, { phase: "stopping" });
  void connection?.host.cancel();
}

/** The file of a form of the present fit. */
export const modelFile = async (form: Form): Promise<FitModelFile | null> =>
  (await connection?.host.model(form, useFitStore.getState().note)) ?? null;
