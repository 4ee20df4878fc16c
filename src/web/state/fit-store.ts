// A fit on the page: what was read, the forms and intervals that have come, how far it is. Columns stand beside the store in `fitData`.
import { create } from "zustand";
import type { Form } from "../../latency/fit/fit.ts";
import type { TimeUnit } from "../../latency/fit/read.ts";
import type { FitBadge, FitDevice, FitInput, FitSource, FittedForm } from "../../latency/fit/session-types.ts";
import type { Bootstrap, Errors, FitProgress, OutOfBag } from "../../latency/fit/types.ts";

export type FitPhase = "empty" | "reading" | "fitting" | "stopping" | "fitted" | "cancelled";

/** How a file is read and fitted, as a person has set it. */
export interface FitForm {
  readonly form: Form | "auto";
  readonly replicates: number;
  readonly seed: number;
  /** Of each search for the planes of the form roofline. */
  readonly starts: number;
  readonly device: FitDevice;
  readonly keepDominated: boolean;
  /** "": what the file says. */
  readonly unit: TimeUnit | "";
  /** "time_ms=latency, tokens=n_tokens". */
  readonly map: string;
  readonly pick: string;
}

export interface FitState {
  readonly phase: FitPhase;
  readonly progress: FitProgress | null;
  /** Why the file could not be read or fitted, or the worker died. */
  readonly error: string | null;
  /** What is to be said of the device, while it runs. */
  readonly device: { readonly name: "gpu" | "cpu"; readonly line: string };
  readonly badge: FitBadge | null;
  /** The form that the fit has chosen, and the one that a person wants to see. */
  readonly chosen: Form | null;
  readonly picked: Form | null;
  readonly form: FitForm;
  readonly note: string;
  /** Row under the pointer or of the keyboard. */
  readonly lookedAt: number | null;
  readonly revision: number;
}

export interface Intervals {
  readonly bootstrap: Bootstrap;
  /** Replicates that there will be. */
  readonly total: number;
}

interface FitData {
  source: FitSource | null;
  input: FitInput | null;
  forms: ReadonlyMap<Form, FittedForm>;
  intervals: ReadonlyMap<Form, Intervals>;
  /** Of the forms that have intervals, when all their blocks are done. */
  outOfBag: ReadonlyMap<Form, OutOfBag>;
  /** Of `selected`, when it is checked. */
  nested: Errors | null;
  warnings: readonly string[];
}

export const NO_FIT = { forms: new Map(), intervals: new Map(), outOfBag: new Map(), nested: null, warnings: [] } as const;

export const fitData: FitData = { source: null, input: null, ...NO_FIT };

/** Those of the command line (src/latency/fit/fit.ts, which would bring the whole fit into the page). */
const REPLICATES = 400;
const SEED = 20260101;
const STARTS = 64;

export const useFitStore = create<FitState>()(() => ({
  phase: "empty",
  progress: null,
  error: null,
  device: { name: "cpu", line: "" },
  badge: null,
  chosen: null,
  picked: null,
  form: {
    form: "auto",
    replicates: REPLICATES,
    seed: SEED,
    starts: STARTS,
    device: "auto",
    keepDominated: false,
    unit: "",
    map: "",
    pick: "",
  },
  note: "",
  lookedAt: null,
  revision: 0,
}));

/** Changes `fitData` and says so. */
export function setFit(data: Partial<FitData>, state: Partial<FitState> = {}): void {
  Object.assign(fitData, data);
  useFitStore.setState(({ revision }) => ({ ...state, revision: revision + 1 }));
}

export const setFitForm = (part: Partial<FitForm>): void => useFitStore.setState(({ form }) => ({ form: { ...form, ...part } }));

/** The form on the page: the picked one, or the chosen one, or the last that has come. */
export function shownForm({ picked, chosen }: Pick<FitState, "picked" | "chosen">): FittedForm | null {
  const { forms } = fitData;
  const named = picked ?? chosen;
  return (named === null ? undefined : forms.get(named)) ?? [...forms.values()].at(-1) ?? null;
}
