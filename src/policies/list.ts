// Lists of definitions: ids are unique, and an unknown id is answered with the known ones.

export function listOf<D extends { readonly id: string }>(what: string, definitions: readonly D[]): readonly D[] {
  const ids = new Set<string>();
  for (const { id } of definitions) {
    if (ids.has(id)) throw new Error(`Two definitions of ${what} "${id}".`);
    ids.add(id);
  }
  return definitions;
}

export function byId<D extends { readonly id: string }>(what: string, definitions: readonly D[], id: string): D {
  const found = definitions.find((definition) => definition.id === id);
  if (found === undefined) throw new RangeError(`Unknown ${what} "${id}". Known: ${definitions.map((d) => d.id).join(", ")}.`);
  return found;
}
