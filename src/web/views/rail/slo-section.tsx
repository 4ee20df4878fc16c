// What counts as good, and for whom: SLO classes and tenants.
import { useState } from "react";
import type { Scenario, SloClass } from "../../../scenario/types.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { limit } from "../../ui/format.ts";
import { Bound, BoundName, BoundOptional } from "./bound.tsx";
import { choiceOf, e2e, share, tpot, ttft, weight } from "./descriptors.ts";
import { freeName } from "./fleet-section.tsx";
import { More } from "./more.tsx";
import { Section } from "./section.tsx";
import { Tabs } from "./tabs.tsx";

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
  return {
    ...scenario,
    sloClasses: left,
    tenants: scenario.tenants.map((tenant) => (tenant.sloClass === gone ? { ...tenant, sloClass: left[0]?.name ?? "" } : tenant)),
  };
}

const addClass = (scenario: Scenario): Scenario => ({
  ...scenario,
  sloClasses: [
    ...scenario.sloClasses,
    {
      ...scenario.sloClasses.at(-1)!,
      name: freeName(
        "class",
        scenario.sloClasses.map((entry) => entry.name),
      ),
    },
  ],
});
const addTenant = (scenario: Scenario): Scenario => ({
  ...scenario,
  tenants: [
    ...scenario.tenants,
    {
      ...scenario.tenants.at(-1)!,
      name: freeName(
        "tenant",
        scenario.tenants.map((entry) => entry.name),
      ),
    },
  ],
});

function ClassFields({ index }: { readonly index: number }) {
  const { change } = useScenarioStore.getState();
  const several = useScenarioStore((state) => state.scenario.sloClasses.length > 1);
  const at = `sloClasses.${index}`;
  return (
    <>
      {several && (
        <BoundName
          path={`${at}.name`}
          label="Name"
          help="Name of the class, as in results."
          rename={(next) => change((scenario) => renameClass(scenario, index, next))}
        />
      )}
      <BoundOptional path={`${at}.ttft`} param={ttft} none="none" />
      <BoundOptional path={`${at}.tpot`} param={tpot} none="none" />
      <BoundOptional path={`${at}.e2e`} param={e2e} none="none" />
    </>
  );
}

function TenantFields({ index }: { readonly index: number }) {
  const classes = useScenarioStore((state) => state.scenario.sloClasses.map((entry) => entry.name).join("\n")).split("\n");
  const { set } = useScenarioStore.getState();
  const at = `tenants.${index}`;
  return (
    <>
      <BoundName
        path={`${at}.name`}
        label="Name"
        help="Name of the tenant, as in results; a trace's tenants are matched by it."
        rename={(next, gesture) => set(`${at}.name`, next, gesture)}
      />
      <Bound path={`${at}.share`} param={share} />
      {classes.length > 1 && (
        <Bound
          path={`${at}.sloClass`}
          name="SLO class"
          param={choiceOf(
            "SLO class",
            "Limits that its requests must meet.",
            classes.map((id) => ({ id, label: id })),
          )}
        />
      )}
      <Bound path={`${at}.weight`} param={weight} />
    </>
  );
}

/** Adds one like the one shown, or removes the one shown. */
function Actions({
  what,
  name,
  count,
  onAdd,
  onRemove,
}: {
  what: string;
  name: string;
  count: number;
  onAdd: () => void;
  onRemove: () => void;
}) {
  return (
    <p className="actions">
      <button type="button" className="text-button" onClick={onAdd}>
        Add a {what}
      </button>
      {count > 1 && (
        <button type="button" className="text-button" onClick={onRemove}>
          Remove {name}
        </button>
      )}
    </p>
  );
}

export function SloSection({ problems }: { readonly problems: readonly string[] }) {
  const classes = useScenarioStore((state) => state.scenario.sloClasses);
  const tenants = useScenarioStore((state) => state.scenario.tenants);
  const [wantedClass, chooseClass] = useState(0);
  const [wantedTenant, chooseTenant] = useState(0);
  const { change } = useScenarioStore.getState();
  const atClass = Math.min(wantedClass, classes.length - 1);
  const atTenant = Math.min(wantedTenant, tenants.length - 1);
  return (
    <Section
      id="slos"
      title="SLOs and tenants"
      summary={summaryOf(classes[0])}
      edits={(path) => path.startsWith("sloClasses") || path.startsWith("tenants")}
      problems={problems}
    >
      <Tabs label="Class" names={classes.map((entry) => entry.name)} index={atClass} onChange={chooseClass} />
      <ClassFields key={`class${atClass}`} index={atClass} />
      <Actions
        what="class"
        name={classes[atClass]?.name ?? ""}
        count={classes.length}
        onAdd={() => {
          change(addClass);
          chooseClass(classes.length);
        }}
        onRemove={() => change((scenario) => removeClass(scenario, atClass))}
      />
      <More title={tenants.length === 1 ? "Tenant" : `${tenants.length} tenants: ${tenants.map((entry) => entry.name).join(", ")}`}>
        <Tabs label="Tenant" names={tenants.map((entry) => entry.name)} index={atTenant} onChange={chooseTenant} />
        <TenantFields key={`tenant${atTenant}`} index={atTenant} />
        <Actions
          what="tenant"
          name={tenants[atTenant]?.name ?? ""}
          count={tenants.length}
          onAdd={() => {
            change(addTenant);
            chooseTenant(tenants.length);
          }}
          onRemove={() => change((scenario) => ({ ...scenario, tenants: scenario.tenants.filter((_, i) => i !== atTenant) }))}
        />
      </More>
    </Section>
  );
}
