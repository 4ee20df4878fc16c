// What can be done with a fitted model: keep it on this machine, run the fleet on it, rename, export, import, forget.
import type { Form } from "../../latency/fit/fit.ts";
import { encodeProfile } from "../../latency/profile/encode.ts";
import { readProfile } from "../../latency/profile/read.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import { modelFile } from "../rpc/fit-control.ts";
import { tell } from "../state/dialog-store.ts";
import { findProfile, keepProfile, listProfiles, renameProfile } from "../state/profile-database.ts";
import { useProfileStore, type KeptProfile } from "../state/profile-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { download } from "../ui/chart/download.ts";
import { giveProfile, loadKeptProfiles } from "./profile-actions.ts";
import { openScreen } from "./scenario-actions.ts";

/** Keeps the text of a model file; null when it is none, which has been told. */
async function keepText(text: string, file: string): Promise<KeptProfile | null> {
  const blob = new Blob([text]);
  const outcome = await readProfile([{ file, stream: blob.stream(), bytes: blob.size }]);
  const trouble = !outcome.ok ? outcome.text : "fitted" in outcome.profile ? null : "It holds operator times: drop it on the Workbench.";
  if (!outcome.ok || trouble !== null) {
    tell({ kind: "error", title: `${file} was not taken.`, text: `${trouble ?? ""} What is kept stays as it was.` });
    return null;
  }
  const { profile, report } = outcome;
  const kept = { hash: report.hash, file: report.file, report };
  const stored = await keepProfile(profile, report);
  const listed = await listProfiles();
  useProfileStore.setState({ kept: listed.some(({ hash }) => hash === report.hash) ? listed : [kept, ...listed] });
  if (!stored)
    tell({ kind: "done", title: `${file} is kept until this page is closed.`, text: "The browser's storage is closed or full." });
  return kept;
}

/** Keeps a form of the present fit on this machine. */
export async function keepForm(form: Form): Promise<KeptProfile | null> {
  const file = await modelFile(form);
  return file === null ? null : keepText(file.text, file.file);
}

/** All pools take their times from it, and the fleet runs. */
export function runOn(kept: KeptProfile): void {
  giveProfile(kept);
  openScreen("workbench");
}

export async function runOnForm(form: Form): Promise<void> {
  const kept = await keepForm(form);
  if (kept !== null) runOn(kept);
}

export async function exportForm(form: Form): Promise<void> {
  const file = await modelFile(form);
  if (file !== null) download(file.file, file.text, "application/json");
}

export async function exportModel({ hash, file }: KeptProfile): Promise<void> {
  const profile = await findProfile(hash);
  if (profile !== null) download(/\.json$/i.test(file) ? file : `${file}.json`, new Blob([encodeProfile(profile)]), "application/json");
}

export async function importModel(file: File): Promise<void> {
  tell(null);
  await keepText(await file.text(), file.name);
}

/** Another name; the model and its hash stay the same. The scenario on the page calls it so, too. */
export async function renameModel({ hash }: KeptProfile, name: string): Promise<void> {
  const file = name.trim();
  if (file === "") return;
  await renameProfile(hash, file);
  await loadKeptProfiles();
  const { scenario, change } = useScenarioStore.getState();
  if (!profilesOf(scenario).some((ref) => ref.hash === hash)) return;
  change((before) => ({
    ...before,
    pools: before.pools.map((pool) => {
      const ref = pool.latency.params?.["profile"] as { hash?: string } | null | undefined;
      return ref?.hash === hash
        ? { ...pool, latency: { ...pool.latency, params: { ...pool.latency.params, profile: { hash, file } } } }
        : pool;
    }),
  }));
}
