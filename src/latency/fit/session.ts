// A fit behind messages: one file, one fit at a time, told in parts, stopped between two slices of work. Runs in a worker, in Node and in tests.
import { modelHash } from "../profile/encode.ts";
import { bootstrapInBlocks } from "./blocks.ts";
import { warningsOf } from "./bad-data.ts";
import { resamplingOf } from "./bootstrap.ts";
import { EXPERIMENTAL, FORMS, bestOf, fitForm, fitProblem, nestedErrors } from "./fit.ts";
import type { Form } from "./fit.ts";
import type { Fitted } from "./report.ts";
import { fittedForm } from "./fitted-form.ts";
import { without } from "./measurements.ts";
import { modelOf, modelText } from "./model-file.ts";
import { searchesOnGpu } from "./roofline-device.ts";
import { STARTS } from "./roofline-form.ts";
import type { FoundPlanes } from "./roofline-search.ts";
import { scaledTerms } from "./out-of-bag.ts";
import { Cancelled, paced } from "./pace.ts";
import type { Pace } from "./pace.ts";
import type { FitAnswer, FitBadge, FitEvent, FitHost, FitInput, FitRequest } from "./session-types.ts";
import { readSource } from "./source.ts";
import type { FitProgress, FormFit, Measurements, OutOfBag } from "./types.ts";

type Tell = (event: FitEvent) => void;

/** The last fit: what `intervals` and `model` go on from. */
interface Done {
  readonly request: FitRequest;
  readonly data: Measurements;
  readonly used: readonly number[];
  /** Of all that was read. */
  readonly rows: number;
  readonly fits: Map<Form, { fitted: Fitted; fit: FormFit }>;
}

/** What goes on, and when it has answered. */
interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
}

/** What ran so far, of one call. */
type Ran = { -readonly [key in Exclude<keyof FitBadge, "seconds">]: FitBadge[key] };

/** By row of what was read. */
function overAllRows(outOfBag: OutOfBag, { used, rows }: Done): OutOfBag {
  const placed = <Column extends Float64Array | Int32Array>(into: Column, from: ArrayLike<number>): Column => {
    used.forEach((row, i) => (into[row] = from[i]!));
    return into;
  };
  return {
    count: placed(new Int32Array(rows), outOfBag.count),
    mean: placed(new Float64Array(rows).fill(NaN), outOfBag.mean),
    spread: placed(new Float64Array(rows).fill(NaN), outOfBag.spread),
  };
}

/** `now`: milliseconds of a steady clock. */
export function createFitSession(now: () => number): FitHost {
  let input: FitInput | null = null;
  let done: Done | null = null;
  let running: Running | null = null;

  /** Ends what goes on, then does this. */
  async function alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const before = running;
    const stop = new AbortController();
    const mine = (async () => {
      before?.stop.abort();
      await before?.ended.catch(() => undefined);
      return work(stop.signal);
    })();
    const entry = { stop, ended: mine };
    running = entry;
    try {
      return await mine;
    } finally {
      if (running === entry) running = null;
    }
  }

  const telling =
    (tell: Tell, device: "gpu" | "cpu" = "cpu") =>
    (progress: FitProgress): void =>
      tell({ kind: "progress", progress, device });

  async function intervalsOfForm(state: Done, form: Form, pace: Pace, tell: Tell, ran: Ran): Promise<void> {
    const { replicates, seed, device } = state.request;
    const entry = state.fits.get(form)!;
    const { columns, weights, kept, fit } = entry.fitted;
    const started = now();
    try {
      const drawn = resamplingOf(state.data, columns, weights, kept);
      await bootstrapInBlocks(drawn, scaledTerms(columns, state.data.t, fit.coefficients), pace, {
        seed,
        replicates,
        device,
        now,
        onProgress: (count, on) => telling(tell, on)({ phase: "bootstrap", text: form, done: count, total: replicates }),
        onBlock: (bootstrap) => {
          entry.fit = { ...entry.fit, bootstrap };
          tell({ kind: "intervals", form, bootstrap, total: replicates });
        },
        onResiduals: (outOfBag) => {
          entry.fit = { ...entry.fit, outOfBag };
          tell({ kind: "residuals", form, outOfBag: overAllRows(outOfBag, state) });
        },
        onAdapter: (name) => Object.assign(ran, { device: "gpu", adapter: name }),
        onLine: (line) => {
          Object.assign(ran, { device: "cpu", adapter: "", line });
          tell({ kind: "device", line });
        },
      });
    } finally {
      ran.sumsSeconds += (now() - started) / 1000;
    }
  }

  /** Planes of a roofline that a GPU has searched, where it does that. */
  async function searched({ data, request }: Done, pace: Pace, tell: Tell, ran: Ran): Promise<(readonly FoundPlanes[])[]> {
    const { starts = STARTS, device } = request;
    return searchesOnGpu(data, pace, {
      starts,
      device,
      now,
      onProgress: (count, total) => telling(tell, "gpu")({ phase: "planes", text: "roofline", done: count, total }),
      onAdapter: (name) => Object.assign(ran, { planesOn: name }),
      onLine: (line) => tell({ kind: "device", line }),
    });
  }

  const chosenOf = (state: Done): Form | null => {
    const { form } = state.request;
    if (form !== "auto") return state.fits.has(form) ? form : null;
    const fits = [...state.fits.values()].map(({ fit }) => fit);
    return fits.length === 0 ? null : (bestOf(fits).form as Form);
  };

  async function fitAll(state: Done, all: Measurements, pace: Pace, tell: Tell, ran: Ran): Promise<void> {
    const { data, used, fits, request } = state;
    // The quick ones first.
    const fitOne = async (form: Form): Promise<void> => {
      const found = form === "roofline" ? await searched(state, pace, tell, ran) : undefined;
      const fitted = await pace.run(fitForm(form, data, request.starts, found), telling(tell));
      if (fitted === null) return;
      fits.set(form, { fitted, fit: fitted.fit });
      tell({ kind: "form", fitted: fittedForm(form, fitted, data, all, used) });
      await pace.rest();
    };
    for (const form of FORMS.toReversed()) if (!EXPERIMENTAL.includes(form) || form === request.form) await fitOne(form);
    const first = chosenOf(state);
    if (first !== null && request.replicates > 0) await intervalsOfForm(state, first, pace, tell, ran);
    const selected = fits.get("selected");
    if (selected !== undefined) {
      const nested = await pace.run(nestedErrors(selected.fitted, data), telling(tell));
      selected.fit = { ...selected.fit, nested };
      tell({ kind: "nested", errors: nested });
    }
    // What nobody waits for comes last.
    for (const form of FORMS) if (!fits.has(form)) await fitOne(form);
    const chosen = chosenOf(state);
    if (chosen !== null && chosen !== first && request.replicates > 0) await intervalsOfForm(state, chosen, pace, tell, ran);
  }

  async function answer(state: Done, work: (ran: Ran) => Promise<void>): Promise<FitAnswer> {
    const started = now();
    const ran: Ran = { device: "cpu", adapter: "", sumsSeconds: 0, planesOn: "", line: "" };
    let cancelled = false;
    try {
      await work(ran);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      cancelled = true;
    }
    const chosen = chosenOf(state);
    return {
      ok: true,
      cancelled,
      chosen,
      badge: { ...ran, seconds: (now() - started) / 1000 },
      warnings: chosen === null ? [] : warningsOf(state.data, state.fits.get(chosen)!.fit.terms.length),
    };
  }

  return {
    read: (source, options) =>
      alone(async (signal) => {
        const outcome = await readSource(source, options);
        if (signal.aborted) return { ok: false, code: "cancelled", text: `${source.name}: Reading was cancelled.` };
        if (outcome.ok) {
          input = outcome.input;
          done = null;
        }
        return outcome;
      }),
    fit: (request, tell) =>
      alone(async (signal) => {
        if (input === null) return { ok: false, text: "Nothing was read yet: open a file of measured batches first." };
        const all = input.data;
        const dropped = request.keepDominated === true ? [] : input.dominated;
        const gone = new Set(dropped);
        const data = without(all, dropped);
        const problem = fitProblem(data);
        if (problem !== null) return { ok: false, text: `${input.file}: ${problem}` };
        const state: Done = { request, data, rows: all.rows, used: Array.from(all.t.keys()).filter((i) => !gone.has(i)), fits: new Map() };
        done = state;
        return answer(state, (ran) => fitAll(state, all, paced(signal, now), tell, ran));
      }),
    intervals: (form, tell) =>
      alone(async (signal) => {
        const state = done;
        if (state === null || !state.fits.has(form)) return { ok: false, text: `There is no fit of ${form} yet: fit the file first.` };
        return answer(state, (ran) => intervalsOfForm(state, form, paced(signal, now), tell, ran));
      }),
    model: async (form, note) => {
      const entry = done?.fits.get(form);
      if (input === null || done === null || entry === undefined) return null;
      const { report, data, file, hash } = input;
      const fits = FORMS.flatMap((id) => done?.fits.get(id)?.fit ?? []);
      const setAside = data.rows - done.data.rows + entry.fit.setAside.length;
      const source = { file, hash, format: report.format, rows: data.rows, refused: report.refused.length, setAside };
      const model = modelOf(entry.fit, fits, done.data, { note, source });
      return { file: `${file.replace(/\.[^.]*$/, "")}-${form}.json`, text: modelText(model), hash: modelHash(model) };
    },
    cancel: async () => running?.stop.abort(),
  };
}
