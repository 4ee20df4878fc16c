// A queue of integers in a ring: push and take at both ends, read by position.

export class Deque {
  /** Starts small, so that every run grows one early: a field that was never written again is a constant to a JavaScript engine. */
  items = new Int32Array(2);
  head = 0;
  length = 0;

  at(position: number): number {
    return this.items[(this.head + position) & (this.items.length - 1)]!;
  }

  pushBack(value: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length++) & (this.items.length - 1)] = value;
  }

  pushFront(value: number): void {
    if (this.length === this.items.length) this.grow();
    this.head = (this.head - 1) & (this.items.length - 1);
    this.items[this.head] = value;
    this.length++;
  }

  /** Takes the first item; the queue must not be empty. */
  shift(): number {
    const value = this.items[this.head]!;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
    return value;
  }

  /** Takes out the item at a position: constant time at the head, linear elsewhere. */
  removeAt(position: number): number {
    if (position === 0) return this.shift();
    const mask = this.items.length - 1;
    const value = this.at(position);
    for (let i = position; i < this.length - 1; i++) this.items[(this.head + i) & mask] = this.items[(this.head + i + 1) & mask]!;
    this.length--;
    return value;
  }

  indexOf(value: number): number {
    for (let i = 0; i < this.length; i++) if (this.at(i) === value) return i;
    return -1;
  }

  clear(): void {
    this.head = 0;
    this.length = 0;
  }

  private grow(): void {
    const items = new Int32Array(this.items.length * 2);
    for (let i = 0; i < this.length; i++) items[i] = this.at(i);
    this.items = items;
    this.head = 0;
  }
}
