// Reading and replacing one value deep inside plain data, by a path such as "pools.0.batching.params.chunkTokens".

export type Path = string;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

export function getIn(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with that value replaced; everything else is shared. Objects that are missing on the way are made; undefined removes the key. */
export function setIn<T>(data: T, path: Path, value: unknown): T {
  if (Object.is(getIn(data, path), value)) return data;
  const put = (node: unknown, keys: readonly string[]): unknown => {
    const [key, ...rest] = keys;
    if (key === undefined) return value;
    if (Array.isArray(node)) return node.map((item: unknown, i) => (String(i) === key ? put(item, rest) : item));
    const copy: Record<string, unknown> = isObject(node) ? { ...node } : {};
    const next = put(copy[key], rest);
    if (next === undefined) delete copy[key];
    else copy[key] = next;
    return copy;
  };
  return put(data, path.split(".")) as T;
}

/** Equality of plain data. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!same(a[key], b[key])) return false;
  return true;
}
