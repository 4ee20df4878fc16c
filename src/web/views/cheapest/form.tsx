// Which fleets are considered: GPUs, how many, how they are sharded, and with which policies.
import { choice, integer } from "../../../engine/params.ts";
import { gpus } from "../../../scenario/registries.ts";
import { useLists } from "../../state/lists.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { ChoiceField, NumberField } from "../../ui/fields.tsx";
import { counted, money } from "../../ui/format.ts";
import type { CheapestForm } from "../questions/forms.ts";
import { ToggleChips } from "../questions/toggle-chips.tsx";
import { setForm } from "../questions/use-forms.ts";

const SHARDS = [1, 2, 4, 8].map((id) => ({ id, label: String(id) }));
const shareParam = choice(
  "0.9",
  { "0.9": "90 %", "0.95": "95 %", "0.99": "99 %" },
  "Share of the requests that must meet every SLO of their class.",
  "Share",
);
const countParam = (label: string) => integer(1, "Replicas of the fleets that are considered.", { label, min: 1, max: 512 });
const seedsParam = integer(5, "Replications, used in rounds: a fleet that is clear after a few needs no more.", {
  label: "Seeds",
  min: 2,
  max: 30,
});

const set = (part: Partial<CheapestForm>): void => setForm("cheapest", part);

function Group({ title, phrase, children }: { title: string; phrase: string; children: React.ReactNode }) {
  return (
    <section className="axis" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span>{phrase}</span>
      </header>
      {children}
    </section>
  );
}

export function CheapestFields({ form }: { readonly form: CheapestForm }) {
  const pool = useScenarioStore(({ scenario }) => scenario.pools[0]!);
  const router = useScenarioStore(({ scenario }) => scenario.routing.id);
  const known = useLists();
  const chosen = form.gpus ?? [pool.gpu];
  // Where nothing is chosen, what the scenario has is shown as chosen.
  const shards = form.tensorParallel.length > 0 ? form.tensorParallel : [pool.tensorParallel];
  const schedulers = form.schedulers.length > 0 ? form.schedulers : [pool.batching.id];
  const routers = form.routers.length > 0 ? form.routers : [router];
  return (
    <>
      <Group title="GPUs to consider" phrase={counted(chosen.length, "type")}>
        <ToggleChips
          label="GPUs to consider"
          options={gpus.map(({ id, name }) => ({ id, label: name.replace(/^(NVIDIA|AMD) /, "") }))}
          values={chosen}
          atLeastOne
          onChange={(next) => set({ gpus: next })}
        />
        <p className="hint">
          {pool.pricePerGpuHour === null || chosen.some((id) => id !== pool.gpu)
            ? "Each at its price in the catalog."
            : `At ${money(pool.pricePerGpuHour)} per GPU and hour, the price of the scenario.`}
        </p>
      </Group>
      <Group title="Fleet sizes" phrase="replicas">
        <NumberField
          label="From"
          param={countParam("From")}
          value={form.from}
          onChange={(n) => set({ from: n ?? 1, to: Math.max(form.to, n ?? 1) })}
          onEnd={() => undefined}
        />
        <NumberField
          label="To"
          param={countParam("To")}
          value={form.to}
          onChange={(n) => set({ to: n ?? 1, from: Math.min(form.from, n ?? 1) })}
          onEnd={() => undefined}
        />
        <span className="label">GPUs per replica (tensor parallel)</span>
        <ToggleChips
          label="Tensor parallel"
          options={SHARDS}
          values={shards}
          atLeastOne
          onChange={(next) => set({ tensorParallel: next })}
        />
      </Group>
      <Group
        title="Policies"
        phrase={schedulers.length * routers.length > 1 ? counted(schedulers.length * routers.length, "pair") : "as they are"}
      >
        <ToggleChips
          label="Schedulers"
          options={known.schedulers.map(({ id, label }) => ({ id, label }))}
          values={schedulers}
          atLeastOne
          onChange={(next) => set({ schedulers: next })}
        />
        <details>
          <summary>Routers</summary>
          <ToggleChips
            label="Routers"
            options={known.routers.map(({ id, label }) => ({ id, label }))}
            values={routers}
            atLeastOne
            onChange={(next) => set({ routers: next })}
          />
        </details>
      </Group>
      <Group title="Certainty" phrase="95 % confidence">
        <ChoiceField
          label="Share"
          param={shareParam}
          value={String(form.share)}
          onChange={(share) => set({ share: Number(share) })}
          onEnd={() => undefined}
        />
        <NumberField
          label="Seeds"
          param={seedsParam}
          value={form.seeds}
          onChange={(seeds) => set({ seeds: seeds ?? 5 })}
          onEnd={() => undefined}
        />
      </Group>
    </>
  );
}
