// Fields tied to a path of the scenario.
import type { ReactNode } from "react";
import type { NumberParam, Param, ParamValue } from "../../../engine/params.ts";
import { labelOf } from "../../../engine/params.ts";
import type { Described } from "../../../scenario/registries.ts";
import { getIn, same } from "../../state/paths.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { fetched } from "../../ui/fetched.tsx";
import { NumberField, ParamField, TextField } from "../../ui/fields.tsx";
import { policyChoice } from "./descriptors.ts";
import { More } from "./more.tsx";

const { set, endGesture } = useScenarioStore.getState();

/** Value now, and in the pinned run when it differs there; parameters that are left out have their default. */
function useValue<T>(path: string, missing: T): { readonly value: T; readonly was: T | undefined } {
  const value = useScenarioStore((state) => (getIn(state.scenario, path) ?? missing) as T);
  const was = useScenarioStore((state) => (state.baseline === null ? value : ((getIn(state.baseline, path) ?? missing) as T)));
  return { value, was: same(was, value) ? undefined : was };
}

interface BoundProps {
  readonly path: string;
  readonly param: Param;
  readonly name?: string;
  readonly error?: string | undefined;
}

const ProfileField = fetched(async () => (await import("./profile-field.tsx")).ProfileField);

export function Bound({ path, param, name, error }: BoundProps) {
  const { value, was } = useValue<ParamValue>(path, param.default);
  const key = path.split(".").at(-1) ?? path;
  if (param.kind === "profile") return <ProfileField path={path} help={param.help} />;
  return (
    <ParamField
      label={labelOf(name ?? key, param)}
      param={param}
      value={value}
      was={was}
      error={error}
      onChange={(next, gesture) => set(path, next, gesture ? path : undefined)}
      onEnd={endGesture}
    />
  );
}

/** A number that may be left out (null). */
export function BoundOptional({
  path,
  param,
  none,
  error,
}: {
  readonly path: string;
  readonly param: NumberParam;
  readonly none: string;
  readonly error?: string | undefined;
}) {
  const value = useScenarioStore((state) => getIn(state.scenario, path) as number | null);
  const before = useScenarioStore((state) =>
    state.baseline === null ? value : (getIn(state.baseline, path) as number | null | undefined),
  );
  return (
    <NumberField
      label={param.label}
      param={param}
      value={value}
      was={before === undefined || before === value ? undefined : before}
      none={none}
      error={error}
      onChange={(next, gesture) => set(path, next, gesture ? path : undefined)}
      onEnd={endGesture}
    />
  );
}

/** A name. `rename` changes the places that refer to it as well. */
export function BoundName({
  path,
  label,
  help,
  rename,
}: {
  readonly path: string;
  readonly label: string;
  readonly help: string;
  readonly rename: (name: string, gesture: string) => void;
}) {
  const { value, was } = useValue<string>(path, "");
  return <TextField label={label} help={help} value={value} was={was} onChange={(name) => rename(name, path)} onEnd={endGesture} />;
}

/** A choice from a registry and the parameters of what is chosen. */
interface BoundChoiceProps {
  readonly path: string;
  readonly label: string;
  readonly registry: readonly Described[];
  /** Folds the parameters under this title. */
  readonly fold?: string;
  /** Stands after the parameters. */
  readonly children?: ReactNode;
}

export function BoundChoice({ path, label, registry, fold, children }: BoundChoiceProps) {
  const { value: id, was } = useValue<string>(`${path}.id`, registry[0]?.id ?? "");
  const chosen = registry.find((entry) => entry.id === id);
  const param = policyChoice(label, registry, id);
  const field = ([key, entry]: [string, Param]): ReactNode => (
    <Bound key={`${id}.${key}`} path={`${path}.params.${key}`} name={key} param={entry} />
  );
  const params = Object.entries(chosen?.params ?? {});
  // Without its profile a model cannot run: never folded away.
  const first = params.filter(([, entry]) => entry.kind === "profile");
  const fields = params.filter(([, entry]) => entry.kind !== "profile").map(field);
  return (
    <>
      <ParamField label={label} param={param} value={id} was={was} onChange={(next) => set(path, { id: next })} onEnd={endGesture} />
      {first.map(field)}
      {fold === undefined ? (
        fields
      ) : (
        <More title={fold}>
          {fields}
          {children}
        </More>
      )}
    </>
  );
}
