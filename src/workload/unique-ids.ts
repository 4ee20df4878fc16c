// Lists in which an id stands once.

/** The list itself, after checking that no id stands twice. */
export function withUniqueIds<T extends { readonly id: string }>(what: string, list: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  for (const { id } of list) {
    if (seen.has(id)) throw new Error(`Two ${what} have the id "${id}": ids must differ.`);
    seen.add(id);
  }
  return list;
}
