// The prefix tree of the suite routing: operation by operation.
import { PrefixTree } from "../src/policies/routing/prefix/prefix-tree.ts";
import { symbolsOf, textOfSymbols } from "../src/policies/routing/prefix/testing-text.ts";
import { compare } from "./routing-choices.ts";
import type { Check } from "./routing-choices.ts";

type Operation = readonly [name: string, ...rest: unknown[]];

class NamedTree {
  readonly tree = new PrefixTree();
  private readonly names: string[] = [];

  private numberOf(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }

  private known(): string[] {
    return this.names.filter((_, tenant) => this.tree.has(tenant));
  }

  private counts(): Record<string, number> {
    return Object.fromEntries(this.known().map((name) => [name, this.tree.countOf(this.numberOf(name))]));
  }

  /** Carries out an operation; everything that might be observed after it. */
  run([operation, ...rest]: Operation): Record<string, unknown> {
    const { tree } = this;
    switch (operation) {
      case "addTenants":
        for (const name of rest[0] as string[]) tree.add(this.numberOf(name));
        return { charCounts: this.counts() };
      case "insert": {
        const [text, tenant, time] = rest as [string, string, number];
        const symbols = symbolsOf(text);
        tree.insert(symbols, symbols.length, this.numberOf(tenant), time);
        return { charCounts: this.counts() };
      }
      case "match": {
        const [text, available] = rest as [string, string[] | null | undefined];
        const symbols = symbolsOf(text);
        const among = available?.map((name) => this.numberOf(name)) ?? null;
        const any = tree.match(symbols, symbols.length, among);
        const owners = (available ?? this.known()).filter((name) => tree.ownsLast(this.numberOf(name)));
        return {
          matchedText: textOfSymbols(symbols.subarray(0, tree.matched)),
          matchRate: symbols.length === 0 ? 0 : tree.matched / symbols.length,
          tenants: any && owners.length > 0 ? [...owners].sort() : null,
        };
      }
      case "evict": {
        const [tenant, symbols] = rest as [string, number];
        return { removed: tree.evict(this.numberOf(tenant), symbols), charCounts: this.counts() };
      }
      case "remove":
        return { removed: tree.remove(this.numberOf(rest[0] as string)), charCounts: this.counts() };
      case "smallest": {
        const smallest = this.known().filter((name) => tree.isSmallest(this.numberOf(name)));
        return { tenants: smallest.length > 0 ? smallest.sort() : null };
      }
      case "lru":
        return { newestToOldest: tree.chain(this.numberOf(rest[0] as string)).map(({ text }) => textOfSymbols(text)) };
      case "sweep": {
        const [threshold, target] = rest as [number, number];
        return { removed: tree.sweep(threshold, target), charCounts: this.counts() };
      }
      default:
        throw new Error(`operation "${operation}" is not known`);
    }
  }
}

export const checkTree: Check = ({ ops, expect }) => {
  const tree = new NamedTree();
  for (const [i, operation] of (ops as Operation[]).entries()) {
    const found = tree.run(operation);
    const wanted = (expect as Record<string, unknown>[])[i]!;
    const tenants = wanted["tenants"];
    const wrong = compare(found, Array.isArray(tenants) ? { ...wanted, tenants: [...(tenants as string[])].sort() } : wanted);
    if (wrong !== "") return `operation ${i + 1} (${operation.join(" ")}): ${wrong}`;
  }
  return "";
};
