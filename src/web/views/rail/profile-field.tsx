// The profile of operator times that a pool runs on: those kept on this machine, files to add, what the profile says of this pool, and what
// the pool asks of it that it was not measured for.
import { useEffect, useState } from "react";
import type { ProfileRef } from "../../../engine/params.ts";
import { withDefaults } from "../../../engine/params.ts";
import type { LatencyTerm } from "../../../latency/types.ts";
import { gpus, latencies, models } from "../../../scenario/registries.ts";
import { beyondProfile, lengthsOf, openProfiles } from "../../../scenario/profiles.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { pickFiles } from "../../commands/files.ts";
import { forget, giveProfile, loadKeptProfiles, readProfileFiles } from "../../commands/profile-actions.ts";
import { findProfile } from "../../state/profile-database.ts";
import { useProfileStore } from "../../state/profile-store.ts";
import { getIn } from "../../state/paths.ts";
import { runData, useRunStore } from "../../state/run-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { ChoiceField } from "../../ui/fields.tsx";
import { choiceOf } from "./descriptors.ts";
import { Figures } from "./figures.tsx";

const NONE = "none";

interface Told {
  readonly terms: readonly LatencyTerm[];
  readonly problem: string | null;
  readonly beyond: readonly string[];
}

const NOTHING: Told = { terms: [], problem: null, beyond: [] };

/** What the profile says of the pool; requests that grow beyond it are counted when the run has ended. */
async function tell(scenario: Scenario, index: number, ref: ProfileRef, ended: boolean): Promise<Told> {
  const pool = scenario.pools[index];
  const gpu = gpus.find((entry) => entry.id === pool?.gpu);
  const model = models.find((entry) => entry.id === scenario.model);
  const latency = latencies.find((entry) => entry.id === pool?.latency.id);
  const profile = await findProfile(ref.hash);
  if (pool === undefined || gpu === undefined || model === undefined || latency === undefined) return NOTHING;
  if (profile === null) return { ...NOTHING, problem: `${ref.file} is not on this machine. Open its files.` };
  const profiles = openProfiles([{ ...ref, profile }]);
  const open = profiles.get(ref.hash)!;
  const shard = { gpu, model, tensorParallel: pool.tensorParallel, pipelineParallel: pool.pipelineParallel };
  const { blockSize } = pool.kv;
  const problem = open.problem(shard, blockSize);
  if (problem !== null) return { ...NOTHING, problem };
  const beyond = beyondProfile(scenario, pool, open, ended ? lengthsOf(runData.requests, index) : []);
  return { terms: latency.explain(withDefaults(latency.params, pool.latency.params), shard, { profiles, blockSize }), problem, beyond };
}

export function ProfileField({ path, help }: { readonly path: string; readonly help: string }) {
  const index = Number(path.split(".")[1]);
  const scenario = useScenarioStore((state) => state.scenario);
  const baseline = useScenarioStore((state) => state.baseline);
  const kept = useProfileStore((state) => state.kept);
  const ended = useRunStore(({ current }) => current.phase === "finished");
  const value = (getIn(scenario, path) ?? null) as ProfileRef | null;
  const was = baseline === null ? value : ((getIn(baseline, path) ?? null) as ProfileRef | null);
  const [told, setTold] = useState(NOTHING);
  const { set, endGesture } = useScenarioStore.getState();

  useEffect(() => void loadKeptProfiles(), []);
  const { hash, file } = value ?? { hash: "", file: "" };
  useEffect(() => {
    let here = true;
    const told = hash === "" ? Promise.resolve(NOTHING) : tell(scenario, index, { hash, file }, ended);
    void told.then((next) => here && setTold(next));
    return () => {
      here = false;
    };
  }, [scenario, index, hash, file, ended, kept]);

  const isKept = kept.some((entry) => entry.hash === hash);
  const known = hash === "" || isKept ? kept : [{ hash, file }, ...kept];
  // Tables of several models come in files of the same names: the hash tells them apart.
  const labelOf = (one: ProfileRef): string =>
    known.some((other) => other.file === one.file && other.hash !== one.hash) ? `${one.file}, ${one.hash.slice(0, 6)}` : one.file;
  const options = [{ id: NONE, label: "None" }, ...known.map((entry) => ({ id: entry.hash, label: labelOf(entry) }))];
  const choose = (id: string): void => {
    const entry = kept.find((one) => one.hash === id);
    if (entry === undefined) set(path, undefined);
    else giveProfile(entry, index);
  };
  return (
    <>
      <ChoiceField
        label="Profile"
        param={choiceOf("Profile", help, options)}
        value={hash === "" ? NONE : hash}
        was={was?.hash === value?.hash ? undefined : (was?.hash ?? NONE)}
        onChange={choose}
        onEnd={endGesture}
      />
      <p className="remark">
        <button type="button" className="text-button" onClick={() => pickFiles((files) => void readProfileFiles(files, index))}>
          Open profile files
        </button>{" "}
        or drop them anywhere, for all pools.
        {isKept && (
          <>
            {" "}
            <button type="button" className="text-button" onClick={() => void forget(hash)}>
              Forget this one
            </button>
          </>
        )}
      </p>
      {told.problem !== null && <p className="problem">{told.problem}</p>}
      {told.beyond.map((sentence) => (
        <p key={sentence} className="remark">
          {sentence}
        </p>
      ))}
      <Figures terms={told.terms} />
    </>
  );
}
