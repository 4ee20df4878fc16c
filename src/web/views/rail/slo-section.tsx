// What counts as good, and for whom: SLO classes and tenants.
import type { Scenario, SloClass } from "../../../scenario/types.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { limit } from "../../ui/format.ts";
import { Bound, BoundName, BoundOptional } from "./bound.tsx";
import { choiceOf, e2e, share, tpot, ttft, weight } from "./descriptors.ts";
import { freeName } from "./fleet-section.tsx";
import { Section } from "./section.tsx";

function summaryOf(first: SloClass | undefined): string {
  if (first === undefined) return "";
  const parts = [
    first.ttft === null ? "" : `TTFT ${limit(first.ttft)}`,
    first.tpot === null ? "" : `TPOT ${limit(first.tpot)}`,
    first.e2e === null ? "" : `E2E ${limit(first.e2e)}`,
  ].filter((text) => text !== "");
  return parts.length === 0 ? "No limits" : parts.join(", ");
}

function renameClass(scenario: Scenario, index: number, name: string): Scenario {
  const before = scenario.sloClasses[index]?.name;
  return {
    ...scenario,
    sloClasses: scenario.sloClasses.map((entry, i) => (i === index ? { ...entry, name } : entry)),
    tenants: scenario.tenants.map((tenant) => (tenant.sloClass === before ? { ...tenant, sloClass: name } : tenant)),
  };
}

function removeClass(scenario: Scenario, index: number): Scenario {
  const gone = scenario.sloClasses[index]?.name;
  const left = scenario.sloClasses.filter((_, i) => i !== index);
  return { ...scenario, sloClasses: left, tenants: scenario.tenants.map((tenant) => (tenant.sloClass === gone ? { ...tenant, sloClass: left[0]?.name ?? "" } : tenant)) };
}

const addClass = (scenario: Scenario): Scenario => ({
  ...scenario,
  sloClasses: [...scenario.sloClasses, { ...scenario.sloClasses.at(-1)!, name: freeName("class", scenario.sloClasses.map((entry) => entry.name)) }],
});
const addTenant = (scenario: Scenario): Scenario => ({
  ...scenario,
  tenants: [...scenario.tenants, { ...scenario.tenants.at(-1)!, name: freeName("tenant", scenario.tenants.map((entry) => entry.name)) }],
});

function ClassGroup({ index }: { readonly index: number }) {
  const name = useScenarioStore((state) => state.scenario.sloClasses[index]?.name ?? "");
  const several = useScenarioStore((state) => state.scenario.sloClasses.length > 1);
  const { change } = useScenarioStore.getState();
  const at = `sloClasses.${index}`;
  return (
    <div className="group" role="group" aria-label={`SLO class ${name}`}>
      {several && (
        <>
          <div className="group-head">
            {name}
            <span className="actions">
              <button type="button" className="text-button" onClick={() => change((scenario) => removeClass(scenario, index))}>
                Remove
              </button>
            </span>
          </div>
          <BoundName path={`${at}.name`} label="Name" help="Name of the class, as in results." rename={(next) => change((scenario) => renameClass(scenario, index, next))} />
        </>
      )}
      <BoundOptional path={`${at}.ttft`} param={ttft} none="none" />
      <BoundOptional path={`${at}.tpot`} param={tpot} none="none" />
      <BoundOptional path={`${at}.e2e`} param={e2e} none="none" />
    </div>
  );
}

function TenantGroup({ index }: { readonly index: number }) {
  const name = useScenarioStore((state) => state.scenario.tenants[index]?.name ?? "");
  const classes = useScenarioStore((state) => state.scenario.sloClasses.map((entry) => entry.name).join("\n")).split("\n");
  const several = useScenarioStore((state) => state.scenario.tenants.length > 1);
  const { change, set } = useScenarioStore.getState();
  const at = `tenants.${index}`;
  return (
    <div className="group" role="group" aria-label={`Tenant ${name}`}>
      <div className="group-head">
        {name}
        <span className="actions">
          {several && (
            <button
              type="button"
              className="text-button"
              onClick={() => change((scenario) => ({ ...scenario, tenants: scenario.tenants.filter((_, i) => i !== index) }))}
            >
              Remove
            </button>
          )}
        </span>
      </div>
      <BoundName path={`${at}.name`} label="Name" help="Name of the tenant, as in results; a trace's tenants are matched by it." rename={(next, gesture) => set(`${at}.name`, next, gesture)} />
      <Bound path={`${at}.share`} param={share} />
      {classes.length > 1 && <Bound path={`${at}.sloClass`} name="SLO class" param={choiceOf("SLO class", "Limits that its requests must meet.", classes.map((id) => ({ id, label: id })))} />}
      <Bound path={`${at}.weight`} param={weight} />
    </div>
  );
}

export function SloSection({ problems }: { readonly problems: readonly string[] }) {
  const classes = useScenarioStore((state) => state.scenario.sloClasses.length);
  const tenants = useScenarioStore((state) => state.scenario.tenants.length);
  const first = useScenarioStore((state) => state.scenario.sloClasses[0]);
  const { change } = useScenarioStore.getState();
  return (
    <Section id="slos" title="SLOs and tenants" summary={summaryOf(first)} edits={(path) => path.startsWith("sloClasses") || path.startsWith("tenants")} problems={problems}>
      {Array.from({ length: classes }, (_, i) => (
        <ClassGroup key={`c${i}`} index={i} />
      ))}
      <button type="button" className="text-button" onClick={() => change(addClass)}>
        Add a class
      </button>
      {Array.from({ length: tenants }, (_, i) => (
        <TenantGroup key={`t${i}`} index={i} />
      ))}
      <button type="button" className="text-button" onClick={() => change(addTenant)}>
        Add a tenant
      </button>
    </Section>
  );
}
