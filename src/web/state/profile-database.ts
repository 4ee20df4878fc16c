// Profiles in the browser's own database, by hash: a reload keeps them. Columns are stored as they are.
import type { ProfileRef } from "../../engine/params.ts";
import type { Profile, ProfileReport } from "../../latency/profile/types.ts";
import type { NamedProfile } from "../../scenario/profiles.ts";
import { database } from "./database.ts";
import type { KeptProfile } from "./profile-store.ts";

/** Profiles of this visit, so that a closed database (private mode) loses nothing before a reload. */
const memory = new Map<string, Profile>();

/** Returns whether the profile will survive a reload. */
export async function keepProfile(profile: Profile, report: ProfileReport): Promise<boolean> {
  const { hash, file } = report;
  memory.set(hash, profile);
  try {
    const change = (await database()).transaction(["profiles", "profileReports"], "readwrite");
    await Promise.all([
      change.objectStore("profiles").put({ hash, profile }),
      change.objectStore("profileReports").put({ hash, file, report, readAt: Date.now() }),
      change.done,
    ]);
    return true;
  } catch {
    return false;
  }
}

export async function findProfile(hash: string): Promise<Profile | null> {
  const known = memory.get(hash);
  if (known !== undefined) return known;
  try {
    const found = await (await database()).get("profiles", hash);
    if (found === undefined) return null;
    memory.set(hash, found.profile);
    return found.profile;
  } catch {
    return null;
  }
}

/** The profiles that a run needs, or the first that is not on this machine. */
export async function findProfiles(refs: readonly ProfileRef[]): Promise<readonly NamedProfile[] | ProfileRef> {
  const found: NamedProfile[] = [];
  for (const ref of refs) {
    const profile = await findProfile(ref.hash);
    if (profile === null) return ref;
    found.push({ hash: ref.hash, file: ref.file, profile });
  }
  return found;
}

/** Newest first. */
export async function listProfiles(): Promise<readonly KeptProfile[]> {
  try {
    const all = await (await database()).getAll("profileReports");
    return all.sort((a, b) => b.readAt - a.readAt).map(({ hash, file, report }) => ({ hash, file, report }));
  } catch {
    return [];
  }
}

/** What scenarios call it from now on. */
export async function renameProfile(hash: string, file: string): Promise<void> {
  try {
    const db = await database();
    const kept = await db.get("profileReports", hash);
    if (kept !== undefined) await db.put("profileReports", { ...kept, file, report: { ...kept.report, file } });
  } catch {
    // Nothing was stored.
  }
}

export async function forgetProfile(hash: string): Promise<void> {
  memory.delete(hash);
  try {
    const db = await database();
    await Promise.all([db.delete("profiles", hash), db.delete("profileReports", hash)]);
  } catch {
    // Nothing was stored.
  }
}
