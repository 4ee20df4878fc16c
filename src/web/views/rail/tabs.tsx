// Which of several pools, classes or tenants a section speaks of.
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { ChoiceField } from "../../ui/fields.tsx";
import { fitsBeside, Segmented } from "../../ui/segmented.tsx";
import { choiceOf } from "./descriptors.ts";

interface Props {
  readonly label: string;
  readonly names: readonly string[];
  readonly index: number;
  readonly onChange: (index: number) => void;
}

/** Nothing for one entry, words for a few, a list for many. */
export function Tabs({ label, names, index, onChange }: Props) {
  if (names.length < 2) return null;
  const options = names.map((name, i) => ({ id: String(i), label: name }));
  if (!fitsBeside(names))
    return (
      <ChoiceField
        label={label}
        param={choiceOf(label, "", options)}
        value={String(index)}
        onChange={(id) => onChange(Number(id))}
        onEnd={() => undefined}
      />
    );
  return (
    <div className="field wide">
      <span className="label">{label}</span>
      <Segmented label={label} options={options} value={String(index)} onChange={(id) => onChange(Number(id))} />
    </div>
  );
}

/** The pool that the rail speaks of; the same in every section. */
export function usePoolIndex(): number {
  const wanted = useViewStore((state) => state.poolTab);
  const count = useScenarioStore((state) => state.scenario.pools.length);
  return Math.max(0, Math.min(wanted, count - 1));
}

export function PoolTabs() {
  const names = useScenarioStore((state) => state.scenario.pools.map((pool) => pool.name).join("\n")).split("\n");
  return <Tabs label="Pool" names={names} index={usePoolIndex()} onChange={(poolTab) => useViewStore.setState({ poolTab })} />;
}
