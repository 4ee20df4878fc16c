// Lists of things with an id: an id stands once, and an unknown one is answered with those that are known.

interface Named {
  readonly id: string;
}

/** The list itself, after a look at its ids. `what` names one entry: "routing policy". */
export function registry<T extends Named>(what: string, entries: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (seen.has(id)) throw new Error(`Two entries of kind ${what} have the id "${id}": ids must differ.`);
    seen.add(id);
  }
  return entries;
}

/** The entry with this id. */
export function byId<T extends Named>(what: string, entries: readonly T[], id: string): T {
  const found = entries.find((entry) => entry.id === id);
  if (found === undefined) throw new RangeError(`Unknown ${what} "${id}". Known: ${entries.map((entry) => entry.id).join(", ")}.`);
  return found;
}
