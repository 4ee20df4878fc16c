// A prefix tree shared by tenants (replicas), with the rules of Ray Serve's PrefixTree: who has been sent a prompt that begins with what, as far as a
// router can know. Symbols are whole numbers: characters, or hashes of blocks. Everything is typed arrays, so that a run can be saved.
import { PairTable } from "./pair-table.ts";

const NONE = -1;
const ROOT = 0;
const NOTHING = new Int32Array(0);

/** Columns of nodes and of owners (one row for a node and a tenant that has it), each with a list of free rows. */
const NODE_COLUMNS = ["parent", "owners", "children", "lengths"] as const;
const OWNER_COLUMNS = ["node", "tenant", "nextInNode", "older", "newer"] as const;

export class PrefixTree {
  /** Symbols of each node, the first of `lengths`; of the root none. */
  private readonly texts: Int32Array[] = [NOTHING];
  private lengths = new Int32Array(64);
  /** Arrays of nodes that are gone, by size: making new ones all the time would cost more than all else here. */
  private readonly spare: Int32Array[][] = Array.from({ length: 32 }, () => []);
  private parent = new Int32Array(64).fill(NONE);
  /** First owner of the node, and its number of children. */
  private owners = new Int32Array(64).fill(NONE);
  private children = new Int32Array(64);
  private nodeRows = 1;
  private readonly freeNodes: number[] = [];

  private node = new Int32Array(64);
  private tenant = new Int32Array(64);
  private time = new Float64Array(64);
  private nextInNode = new Int32Array(64);
  /** Chain of a tenant's nodes by last access. */
  private older = new Int32Array(64);
  private newer = new Int32Array(64);
  private ownerRows = 0;
  private readonly freeOwners: number[] = [];

  private readonly edges = new PairTable();
  /** By tenant: whether it is known, its symbols, the ends of its chain. The root, which every known tenant owns, is in no chain. */
  private readonly knows: boolean[] = [];
  private readonly counts: number[] = [];
  private readonly oldest: number[] = [];
  private readonly newest: number[] = [];
  /** Symbols of all nodes. */
  private symbols = 0;
  /** Tenants known. */
  tenants = 0;
  /** Symbols of the last match, and the node that it ended in. */
  matched = 0;
  private last = ROOT;

  /** Nodes beside the root. */
  get nodes(): number {
    return this.nodeRows - 1 - this.freeNodes.length;
  }

  /** Bytes of all columns and texts, as they are now. */
  get bytes(): number {
    return 4 * this.symbols + 4 * (4 * this.parent.length + 5 * this.tenant.length) + 8 * this.time.length + this.edges.bytes;
  }

  add(tenant: number): void {
    if (this.knows[tenant] === true) return;
    while (this.knows.length <= tenant) {
      this.knows.push(false);
      this.counts.push(0);
      this.oldest.push(NONE);
      this.newest.push(NONE);
    }
    this.knows[tenant] = true;
    this.tenants++;
  }

  has(tenant: number): boolean {
    return this.knows[tenant] === true;
  }

  /** Symbols of the nodes that a tenant owns; 0 when it is not known. */
  countOf(tenant: number): number {
    return this.counts[tenant] ?? 0;
  }

  /** Every node on the way to the end of the text belongs to the tenant now, accessed at this time. Ignored for a tenant that is not known. */
  insert(text: Int32Array, length: number, tenant: number, time: number): void {
    if (this.knows[tenant] !== true) return;
    let at = ROOT;
    let done = 0;
    while (done < length) {
      let child = this.edges.get(at, text[done]!);
      if (child === NONE) {
        child = this.addNode(at, text, done, length);
        this.edges.set(at, text[done]!, child);
        this.children[at] = this.children[at]! + 1;
        done = length;
      } else {
        const own = this.lengths[child]!;
        const shared = common(this.texts[child]!, own, text, done, length);
        if (shared < own) child = this.split(at, child, shared);
        done += shared;
      }
      this.touch(child, tenant, time);
      at = child;
    }
  }

  /**
   * Walks while the next node belongs to a tenant among `available` (all when null); ends within a node that only begins like the text. Writes `matched`;
   * false when none of the available tenants is known. This is no longest match of each tenant: a deep node of one hides those that share only its stem.
   */
  match(text: Int32Array, length: number, available: ArrayLike<number> | null, count = available?.length ?? 0): boolean {
    this.matched = 0;
    this.last = ROOT;
    if (!this.anyKnown(available, count)) return false;
    while (this.matched < length) {
      const child = this.edges.get(this.last, text[this.matched]!);
      if (child === NONE || !this.ownedBy(child, available, count)) break;
      const own = this.lengths[child]!;
      const shared = common(this.texts[child]!, own, text, this.matched, length);
      this.matched += shared;
      this.last = child;
      if (shared < own) break;
    }
    return true;
  }

  /** Whether a tenant owns the node in which the last match ended. */
  ownsLast(tenant: number): boolean {
    return this.last === ROOT ? this.knows[tenant] === true : this.ownerOf(this.last, tenant) !== NONE;
  }

  /** Whether a tenant has as few symbols as any. */
  isSmallest(tenant: number): boolean {
    return this.knows[tenant] === true && this.counts[tenant] === this.smallestCount();
  }

  /** Symbols of the tenants that have the fewest; Infinity without tenants. */
  smallestCount(): number {
    let least = Infinity;
    for (let i = 0; i < this.knows.length; i++) if (this.knows[i] === true && this.counts[i]! < least) least = this.counts[i]!;
    return least;
  }

  /** Takes from a tenant its nodes of the oldest time, whole groups of equal times, until at least `symbols` are gone. Returns how many are. */
  evict(tenant: number, symbols: number): number {
    if (this.knows[tenant] !== true) return 0;
    const wanted = Math.min(symbols, this.counts[tenant]!);
    let removed = 0;
    while (removed < wanted) {
      const time = this.time[this.oldest[tenant]!]!;
      while (this.oldest[tenant] !== NONE && this.time[this.oldest[tenant]!] === time) removed += this.disown(this.oldest[tenant]!);
    }
    return removed;
  }

  /** One pass over all tenants: those with more than `threshold` symbols are brought down to `target` or less. Returns how many are gone. */
  sweep(threshold: number, target: number): number {
    let removed = 0;
    for (let tenant = 0; tenant < this.knows.length; tenant++)
      if (this.counts[tenant]! > threshold) removed += this.evict(tenant, this.counts[tenant]! - target);
    return removed;
  }

  /** Forgets a tenant and all that it owns. Returns its symbols. */
  remove(tenant: number): number {
    if (this.knows[tenant] !== true) return 0;
    let removed = 0;
    while (this.newest[tenant] !== NONE) removed += this.disown(this.newest[tenant]!);
    this.knows[tenant] = false;
    this.tenants--;
    return removed;
  }

  /** Nodes of a tenant from the freshest to the oldest, as places and texts: for checks and tests. */
  chain(tenant: number): { text: Int32Array; time: number; node: number; parent: number }[] {
    const nodes: { text: Int32Array; time: number; node: number; parent: number }[] = [];
    for (let row = this.newest[tenant] ?? NONE; row !== NONE; row = this.older[row]!) {
      const node = this.node[row]!;
      nodes.push({ text: this.texts[node]!.slice(0, this.lengths[node]), time: this.time[row]!, node, parent: this.parent[node]! });
    }
    return nodes;
  }

  private anyKnown(available: ArrayLike<number> | null, count: number): boolean {
    if (available === null) return this.tenants > 0;
    for (let i = 0; i < count; i++) if (this.knows[available[i]!] === true) return true;
    return false;
  }

  private ownedBy(node: number, available: ArrayLike<number> | null, count: number): boolean {
    if (available === null) return this.owners[node] !== NONE;
    for (let row = this.owners[node]!; row !== NONE; row = this.nextInNode[row]!)
      for (let i = 0; i < count; i++) if (available[i] === this.tenant[row]) return true;
    return false;
  }

  private ownerOf(node: number, tenant: number): number {
    let row = this.owners[node]!;
    while (row !== NONE && this.tenant[row] !== tenant) row = this.nextInNode[row]!;
    return row;
  }

  /** A node belongs to the tenant, at the fresh end of its chain. */
  private touch(node: number, tenant: number, time: number): void {
    let row = this.ownerOf(node, tenant);
    if (row === NONE) {
      row = this.addOwner(node, tenant, time);
      this.counts[tenant] = this.counts[tenant]! + this.lengths[node]!;
    } else {
      this.time[row] = time;
      if (this.newest[tenant] === row) return;
      this.unchain(row);
    }
    this.chainAfter(row, this.newest[tenant]!);
  }

  /** Cuts a node after `length` symbols. The new node above has the same owners at the same times, each just fresher in its chain. */
  private split(above: number, node: number, length: number): number {
    const text = this.texts[node]!;
    const stem = this.addNode(above, text, 0, length);
    this.symbols -= length;
    const rest = this.lengths[node]! - length;
    text.copyWithin(0, length, this.lengths[node]!);
    this.lengths[node] = rest;
    this.edges.set(above, this.texts[stem]![0]!, stem);
    this.edges.set(stem, text[0]!, node);
    this.children[stem] = 1;
    this.parent[node] = stem;
    for (let row = this.owners[node]!; row !== NONE; row = this.nextInNode[row]!)
      this.chainAfter(this.addOwner(stem, this.tenant[row]!, this.time[row]!), row);
    return stem;
  }

  /** A tenant loses a node; what nobody owns any more is cut off. Returns the node's symbols. */
  private disown(row: number): number {
    const node = this.node[row]!;
    const tenant = this.tenant[row]!;
    const length = this.lengths[node]!;
    this.unchain(row);
    let before = NONE;
    for (let other = this.owners[node]!; other !== row; other = this.nextInNode[other]!) before = other;
    if (before === NONE) this.owners[node] = this.nextInNode[row]!;
    else this.nextInNode[before] = this.nextInNode[row]!;
    this.freeOwners.push(row);
    this.counts[tenant] = this.counts[tenant]! - length;
    let dead = node;
    while (dead !== ROOT && this.owners[dead] === NONE && this.children[dead] === 0) {
      const above = this.parent[dead]!;
      this.edges.delete(above, this.texts[dead]![0]!);
      this.children[above] = this.children[above]! - 1;
      this.symbols -= this.lengths[dead]!;
      const text = this.texts[dead]!;
      this.spare[sizeClass(text.length)]!.push(text);
      this.texts[dead] = NOTHING;
      this.freeNodes.push(dead);
      dead = above;
    }
    return length;
  }

  private unchain(row: number): void {
    const tenant = this.tenant[row]!;
    const older = this.older[row]!;
    const newer = this.newer[row]!;
    if (older === NONE) this.oldest[tenant] = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest[tenant] = older;
    else this.older[newer] = older;
  }

  /** Puts a row into its tenant's chain, just fresher than another (NONE: the chain is empty). */
  private chainAfter(row: number, before: number): void {
    const tenant = this.tenant[row]!;
    const newer = before === NONE ? NONE : this.newer[before]!;
    this.older[row] = before;
    this.newer[row] = newer;
    if (before === NONE) this.oldest[tenant] = row;
    else this.newer[before] = row;
    if (newer === NONE) this.newest[tenant] = row;
    else this.older[newer] = row;
  }

  /** A node with the symbols [from, to) of a text. */
  private addNode(parent: number, text: Int32Array, from: number, to: number): number {
    const node = this.freeNodes.pop() ?? this.nodeRows++;
    if (node === this.parent.length) for (const key of NODE_COLUMNS) this[key] = doubled(this[key]);
    const length = to - from;
    const own = this.spare[sizeClass(length)]!.pop() ?? new Int32Array(1 << sizeClass(length));
    for (let i = 0; i < length; i++) own[i] = text[from + i]!;
    this.texts[node] = own;
    this.lengths[node] = length;
    this.symbols += length;
    this.parent[node] = parent;
    this.owners[node] = NONE;
    this.children[node] = 0;
    return node;
  }

  private addOwner(node: number, tenant: number, time: number): number {
    const row = this.freeOwners.pop() ?? this.ownerRows++;
    if (row === this.tenant.length) {
      for (const key of OWNER_COLUMNS) this[key] = doubled(this[key]);
      const times = new Float64Array(2 * this.time.length);
      times.set(this.time);
      this.time = times;
    }
    this.node[row] = node;
    this.tenant[row] = tenant;
    this.time[row] = time;
    this.nextInNode[row] = this.owners[node]!;
    this.owners[node] = row;
    return row;
  }
}

/** Exponent of the power of two that holds this many. */
const sizeClass = (length: number): number => 32 - Math.clz32(length - 1);

/** Symbols that a node's text of a length and the rest of another have in common at their beginning. */
function common(own: Int32Array, length: number, text: Int32Array, from: number, to: number): number {
  const most = Math.min(length, to - from);
  let n = 0;
  while (n < most && own[n] === text[from + n]) n++;
  return n;
}

function doubled(narrow: Int32Array): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(2 * narrow.length);
  wide.set(narrow);
  return wide;
}
