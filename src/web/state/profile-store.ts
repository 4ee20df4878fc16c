// Profiles of operator times that a person dropped: which are kept on this machine, and files that wait for the rest of theirs.
import { create } from "zustand";
import type { ProfileReport } from "../../latency/profile/types.ts";

export interface KeptProfile {
  readonly hash: string;
  readonly file: string;
  readonly report: ProfileReport;
}

export interface ProfileState {
  readonly kept: readonly KeptProfile[];
  /** Sound files that do not make a whole profile yet. */
  readonly waiting: readonly File[];
}

export const useProfileStore = create<ProfileState>()(() => ({ kept: [], waiting: [] }));
