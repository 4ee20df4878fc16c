// Messages of many small columns, moved to the page in one piece: a browser gives the memory of moved buffers back one by one, on the page's thread, and
// for the hundreds of a picture, twenty pictures a second, that took longer than drawing them.

type Columns = Float64Array | Float32Array | Int32Array | Int16Array | Uint32Array | Uint16Array | Uint8Array;

/** Columns start at multiples of the widest element, bytes. */
const ALIGNMENT = 8;

const isColumns = (value: unknown): value is Columns => ArrayBuffer.isView(value);

class Packing {
  size = 0;
  private readonly places = new Map<Columns, number>();
  /** Objects and lists with columns somewhere below them. */
  private readonly holders = new Set<object>();

  /** Finds a place for every column of a value; whether it has any. */
  measure(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (isColumns(value)) {
      if (!this.places.has(value)) {
        this.places.set(value, this.size);
        this.size += Math.ceil(value.byteLength / ALIGNMENT) * ALIGNMENT;
      }
      return true;
    }
    for (const item of Object.values(value)) if (this.measure(item)) this.holders.add(value);
    return this.holders.has(value);
  }

  /** The value with its columns in the buffer. */
  move(value: unknown, buffer: ArrayBuffer): unknown {
    if (isColumns(value)) {
      const copy = new (value.constructor as Float64ArrayConstructor)(buffer, this.places.get(value), value.length);
      copy.set(value);
      return copy;
    }
    if (typeof value !== "object" || value === null || !this.holders.has(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.move(item, buffer));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.move(item, buffer)]));
  }
}

/** A message of plain data with views of one new buffer in the place of its typed arrays; what holds none of them is the same as before. */
export function inOneBuffer<Message>(message: Message): { readonly message: Message; readonly buffer: ArrayBuffer } {
  const packing = new Packing();
  packing.measure(message);
  const buffer = new ArrayBuffer(packing.size);
  return { message: packing.move(message, buffer) as Message, buffer };
}
