// The browser's own database: what was dropped here survives a reload. Loaded when something is kept or looked up.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Profile, ProfileReport } from "../../latency/profile/types.ts";
import type { Trace, TraceReport } from "../../workload/types.ts";
import type { DoneRun, FailedRun } from "../../analysis/experiment.ts";
import type { KeptSweep } from "./sweep-database.ts";

export interface Schema extends DBSchema {
  traces: { key: string; value: { hash: string; trace: Trace } };
  reports: { key: string; value: { hash: string; file: string; report: TraceReport; readAt: number } };
  profiles: { key: string; value: { hash: string; profile: Profile } };
  profileReports: { key: string; value: { hash: string; file: string; report: ProfileReport; readAt: number } };
  sweeps: { key: string; value: KeptSweep };
  sweepRuns: { key: [sweep: string, setting: number, seed: number]; value: SweepRow };
}

interface SweepRow {
  readonly sweep: string;
  readonly setting: number;
  readonly seed: number;
  readonly run: DoneRun | FailedRun;
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

export const database = (): Promise<IDBPDatabase<Schema>> =>
  (opened ??= openDB<Schema>("goodput", 3, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore("traces", { keyPath: "hash" });
        db.createObjectStore("reports", { keyPath: "hash" });
      }
      if (from < 2) {
        db.createObjectStore("profiles", { keyPath: "hash" });
        db.createObjectStore("profileReports", { keyPath: "hash" });
      }
      if (from < 3) {
        db.createObjectStore("sweeps", { keyPath: "id" });
        db.createObjectStore("sweepRuns", { keyPath: ["sweep", "setting", "seed"] });
      }
    },
    // A page of a newer build wants to open it: give way, and open it again when it is asked for next.
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  }));
