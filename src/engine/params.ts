// Parameters described once, as data: the form, the schema, the link, the command line and the help text are read from here.

/** A number. `unit` is shown inside the field ("s", "tok", "req/s", "%"); `scale: "log"` makes the slider logarithmic. */
export interface NumberParam {
  readonly kind: "number";
  readonly label: string;
  readonly help: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly integer?: boolean;
  readonly unit?: string;
  readonly scale?: "linear" | "log";
}

/** A yes or no; `word` stands beside the toggle. */
export interface FlagParam {
  readonly kind: "flag";
  readonly label: string;
  readonly help: string;
  readonly default: boolean;
  readonly word?: string;
}

/** One of a few named options. */
export interface ChoiceParam<Id extends string = string> {
  readonly kind: "choice";
  readonly label: string;
  readonly help: string;
  readonly default: Id;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
}

/** Rows of numbers, such as (time, rate) steps; every row has one number per column. */
export interface TableParam {
  readonly kind: "table";
  readonly label: string;
  readonly help: string;
  readonly columns: readonly {
    readonly id: string;
    readonly label: string;
    readonly unit?: string;
    readonly min: number;
    readonly max: number;
  }[];
  readonly default: readonly (readonly number[])[];
}

/** A file of measured times that a scenario names, as it names a trace. */
export interface ProfileRef {
  /** SHA-256 of the profile's canonical bytes, hex. */
  readonly hash: string;
  /** What a person calls it: the name of the file or folder it was read from. */
  readonly file: string;
}

/** A profile of measured times, read from files and kept beside the scenario. Null: none is chosen yet. */
export interface ProfileParam {
  readonly kind: "profile";
  readonly label: string;
  readonly help: string;
  readonly default: ProfileRef | null;
}

export type Param = NumberParam | FlagParam | ChoiceParam | TableParam | ProfileParam;
export type Params = Readonly<Record<string, Param>>;
export type ParamValue = number | boolean | string | readonly (readonly number[])[] | ProfileRef | null;

/** The plain values that fit a set of descriptors. */
export type Values<P extends Params> = {
  readonly [K in keyof P]: P[K] extends NumberParam
    ? number
    : P[K] extends FlagParam
      ? boolean
      : P[K] extends ChoiceParam<infer Id>
        ? Id
        : P[K] extends ProfileParam
          ? ProfileRef | null
          : readonly (readonly number[])[];
};

type NumberOptions = Partial<Pick<NumberParam, "min" | "max" | "step" | "unit" | "scale" | "label">>;

export const number = (initial: number, help: string, options: NumberOptions = {}): NumberParam => ({
  kind: "number",
  label: "",
  default: initial,
  help,
  min: 0,
  max: 1e12,
  ...options,
});
export const integer = (initial: number, help: string, options: NumberOptions = {}): NumberParam => ({
  ...number(initial, help, { step: 1, ...options }),
  integer: true,
});
export const flag = (initial: boolean, help: string, options: { label?: string; word?: string } = {}): FlagParam => ({
  kind: "flag",
  label: "",
  default: initial,
  help,
  ...options,
});
export const choice = <const Id extends string>(
  initial: NoInfer<Id>,
  options: Readonly<Record<Id, string>>,
  help: string,
  label = "",
): ChoiceParam<Id> => ({
  kind: "choice",
  label,
  default: initial,
  help,
  options: (Object.keys(options) as Id[]).map((id) => ({ id, label: options[id] })),
});
export const table = (initial: readonly (readonly number[])[], columns: TableParam["columns"], help: string, label = ""): TableParam => ({
  kind: "table",
  label,
  default: initial,
  columns,
  help,
});

export const profile = (help: string, label = ""): ProfileParam => ({ kind: "profile", label, default: null, help });

/** The label to show for a parameter: its own, or its key in words ("rateScale" becomes "Rate scale"). */
export function labelOf(key: string, param: Param): string {
  if (param.label !== "") return param.label;
  const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Default values of a set of descriptors. */
export function defaultsOf<P extends Params>(params: P): Values<P> {
  return Object.fromEntries(Object.entries(params).map(([key, param]) => [key, param.default])) as Values<P>;
}

/** Values with defaults filled in. Values are trusted: the scenario schema has checked them. */
export function withDefaults<P extends Params>(params: P, values: Readonly<Record<string, unknown>> = {}): Values<P> {
  return { ...defaultsOf(params), ...values } as Values<P>;
}
