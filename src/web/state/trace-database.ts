// Traces in the browser's own database, by the hash of their text: a reload keeps them. Columns are stored as they are.
import type { Trace, TraceReport } from "../../workload/types.ts";
import { database } from "./database.ts";
import type { KeptTrace } from "./trace-store.ts";

/** Traces of this visit, so that a closed database (private mode) loses nothing before a reload. */
const memory = new Map<string, Trace>();

/** Returns whether the trace will survive a reload. */
export async function keepTrace(trace: Trace, report: TraceReport): Promise<boolean> {
  memory.clear();
  memory.set(report.hash, trace);
  try {
    const db = await database();
    const change = db.transaction(["traces", "reports"], "readwrite");
    await Promise.all([
      change.objectStore("traces").put({ hash: report.hash, trace }),
      change.objectStore("reports").put({ hash: report.hash, file: report.file, report, readAt: Date.now() }),
      change.done,
    ]);
    return true;
  } catch {
    return false;
  }
}

export async function findTrace(hash: string): Promise<Trace | null> {
  const known = memory.get(hash);
  if (known !== undefined) return known;
  try {
    const found = await (await database()).get("traces", hash);
    if (found === undefined) return null;
    memory.clear();
    memory.set(hash, found.trace);
    return found.trace;
  } catch {
    return null;
  }
}

/** Newest first. */
export async function listTraces(): Promise<readonly KeptTrace[]> {
  try {
    const all = await (await database()).getAll("reports");
    return all.sort((a, b) => b.readAt - a.readAt).map(({ hash, file, report }) => ({ hash, file, report }));
  } catch {
    return [];
  }
}

export async function forgetTrace(hash: string): Promise<void> {
  memory.delete(hash);
  try {
    const db = await database();
    await Promise.all([db.delete("traces", hash), db.delete("reports", hash)]);
  } catch {
    // Nothing was stored.
  }
}
