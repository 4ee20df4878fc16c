// Which pool a section speaks of, where there are several.
import { useState } from "react";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { Segmented } from "../../ui/segmented.tsx";

export interface PoolTab {
  readonly index: number;
  readonly choose: (index: number) => void;
}

export function usePoolTab(): PoolTab {
  const [wanted, choose] = useState(0);
  const count = useScenarioStore((state) => state.scenario.pools.length);
  return { index: Math.min(wanted, count - 1), choose };
}

export function PoolTabs({ tab }: { readonly tab: PoolTab }) {
  const names = useScenarioStore((state) => state.scenario.pools.map((pool) => pool.name).join("\n")).split("\n");
  if (names.length < 2) return null;
  return (
    <div className="field wide">
      <span className="label">Pool</span>
      <Segmented label="Pool" options={names.map((name, i) => ({ id: String(i), label: name }))} value={String(tab.index)} onChange={(id) => tab.choose(Number(id))} />
    </div>
  );
}
