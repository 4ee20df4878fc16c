// Saving and loading the state of an object graph: numbers, strings, typed arrays, arrays, maps, sets and objects of data. Functions and the objects
// called `fixed` (configuration, policies' code) are left alone. What is saved can be cloned between threads and stored.

type Bag = Record<string, unknown>;
type TypedArray = Float64Array | Float32Array | Int32Array | Int16Array | Uint32Array | Uint16Array | Uint8Array;

const isTyped = (value: object): value is TypedArray => ArrayBuffer.isView(value);
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A copy of the graph below `value`. Objects that occur twice occur twice in the copy. */
export function save(value: unknown, fixed: ReadonlySet<unknown>, seen = new Map<object, unknown>()): unknown {
  if (!isObject(value) || fixed.has(value)) return typeof value === "function" || isObject(value) ? undefined : value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (isTyped(value)) {
    const copy = value.slice();
    seen.set(value, copy);
    return copy;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const item of value) copy.push(save(item, fixed, seen));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    seen.set(value, copy);
    for (const [key, item] of value) copy.set(key, save(item, fixed, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set(value);
    seen.set(value, copy);
    return copy;
  }
  const copy: Bag = {};
  seen.set(value, copy);
  for (const [key, item] of Object.entries(value)) if (typeof item !== "function" && !fixed.has(item)) copy[key] = save(item, fixed, seen);
  return copy;
}

/** Live object of each saved one, and whether a live one is taken: what was one object may be two in the snapshot. */
class Loaded extends Map<object, object> {
  private readonly taken = new Set<unknown>();

  override set(saved: object, live: object): this {
    this.taken.add(live);
    return super.set(saved, live);
  }

  isFree(live: unknown): live is object {
    return isObject(live) && !this.taken.has(live);
  }
}

/** Writes what was saved into a live object of the same make, in place: its parts keep their identity, so that references between them stay true. */
export function load(live: object, saved: object, seen = new Loaded()): void {
  seen.set(saved, live);
  if (live instanceof Map && saved instanceof Map) {
    const before = new Map(live);
    live.clear();
    for (const [key, item] of saved) live.set(key, loaded(before.get(key), item, seen));
    return;
  }
  if (live instanceof Set && saved instanceof Set) {
    live.clear();
    for (const item of saved) live.add(item);
    return;
  }
  if (Array.isArray(live) && Array.isArray(saved)) {
    live.length = saved.length;
    for (let i = 0; i < saved.length; i++) if (saved[i] !== undefined) live[i] = loaded(live[i], saved[i], seen);
    return;
  }
  for (const [key, item] of Object.entries(saved)) {
    if (item !== undefined) (live as Bag)[key] = loaded((live as Bag)[key], item, seen);
  }
}

/** The live value for a saved one: the present one filled in, the same one that another place has, or a fresh copy. */
function loaded(present: unknown, saved: unknown, seen: Loaded): unknown {
  if (!isObject(saved)) return saved;
  const known = seen.get(saved);
  if (known !== undefined) return known;
  if (isTyped(saved)) {
    if (seen.isFree(present) && isTyped(present) && present.length === saved.length) {
      present.set(saved as never);
      seen.set(saved, present);
      return present;
    }
    const copy = saved.slice();
    seen.set(saved, copy);
    return copy;
  }
  const target = seen.isFree(present) && Array.isArray(present) === Array.isArray(saved) ? present : emptyLike(saved);
  load(target, saved, seen);
  return target;
}

function emptyLike(saved: object): object {
  if (saved instanceof Map) return new Map();
  if (saved instanceof Set) return new Set();
  return Array.isArray(saved) ? [] : {};
}
