// (node, symbol) -> child, in typed arrays: open addressing with linear probing. A Map would need a key object or a double for each pair.

export class PairTable {
  private nodes = new Int32Array(64);
  private symbols = new Int32Array(64);
  /** Child + 1, or 0. */
  private children = new Int32Array(64);
  count = 0;

  get bytes(): number {
    return 12 * this.children.length;
  }

  /** The child, or -1. */
  get(node: number, symbol: number): number {
    return this.children[this.place(node, symbol)]! - 1;
  }

  set(node: number, symbol: number, child: number): void {
    let at = this.place(node, symbol);
    if (this.children[at] === 0) {
      if (2 * (this.count + 1) > this.children.length) {
        this.grow();
        at = this.place(node, symbol);
      }
      this.count++;
    }
    this.nodes[at] = node;
    this.symbols[at] = symbol;
    this.children[at] = child + 1;
  }

  delete(node: number, symbol: number): void {
    const { nodes, symbols, children } = this;
    const mask = children.length - 1;
    let hole = this.place(node, symbol);
    if (children[hole] === 0) return;
    for (let at = (hole + 1) & mask; children[at] !== 0; at = (at + 1) & mask) {
      const wanted = hash(nodes[at]!, symbols[at]!) & mask;
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      nodes[hole] = nodes[at]!;
      symbols[hole] = symbols[at]!;
      children[hole] = children[at]!;
      hole = at;
    }
    children[hole] = 0;
    this.count--;
  }

  private place(node: number, symbol: number): number {
    const { nodes, symbols, children } = this;
    const mask = children.length - 1;
    let at = hash(node, symbol) & mask;
    while (children[at] !== 0 && (symbols[at] !== symbol || nodes[at] !== node)) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { nodes, symbols, children } = this;
    this.nodes = new Int32Array(2 * nodes.length);
    this.symbols = new Int32Array(2 * nodes.length);
    this.children = new Int32Array(2 * nodes.length);
    for (let i = 0; i < children.length; i++) {
      if (children[i] === 0) continue;
      const at = this.place(nodes[i]!, symbols[i]!);
      this.nodes[at] = nodes[i]!;
      this.symbols[at] = symbols[i]!;
      this.children[at] = children[i]!;
    }
  }
}

function hash(node: number, symbol: number): number {
  const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol ^ (symbol >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
