// The group's counters against a model that loops over its members.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeGroup } from "./decode-group.ts";
import { emptyRow } from "../contracts.ts";
import { Requests } from "./requests.ts";

const row = emptyRow();

interface Member {
  readonly slot: number;
  context: number;
  left: number;
}

/** Blocks that start when every member takes one token. */
const growthOf = (members: readonly Member[], blockSize: number): number =>
  members.filter(({ context }) => context % blockSize === 0).length;
const later = (members: readonly Member[], steps: number): Member[] =>
  members.map((member) => ({ ...member, context: member.context + steps }));

/** Blocks started in each of the next iterations. */
const growths = (members: readonly Member[], blockSize: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => growthOf(later(members, i), blockSize));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const calls = fc.array(fc.tuple(fc.constantFrom("add", "add", "step", "remove", "first"), fc.nat(5000), fc.integer({ min: 1, max: 300 })), {
  maxLength: 60,
});

describe.each([1, 16, 7])("blocks of %i tokens", (blockSize) => {
  test("sums, growth and the next to end agree with a loop over the members", () => {
    fc.assert(
      fc.property(calls, fc.nat(200), fc.nat(60), (list, free, wanted) => {
        const requests = new Requests(4);
        const group = new DecodeGroup(requests, blockSize, 2);
        const members: Member[] = [];
        for (const [call, a, b] of list) {
          if (call === "add") {
            const slot = requests.take(0, row);
            requests.tenant[slot] = a % 2;
            members.push({ slot, context: a, left: b });
            group.add(slot, a, b);
          } else if (members.length > 0 && call === "remove") {
            const [member] = members.splice(a % members.length, 1);
            expect(group.contextOf(member!.slot)).toBe(member!.context);
            group.remove(member!.slot);
          } else if (members.length > 0 && call === "first") {
            members.sort((x, y) => x.left - y.left || x.slot - y.slot);
            expect(group.takeFirst()).toBe(members.shift()!.slot);
          } else if (members.length > 0 && call === "step") {
            const steps = Math.min(a % 40, ...members.map(({ left }) => left - 1));
            group.iteration += steps;
            for (const member of members) {
              member.context += steps;
              member.left -= steps;
            }
          }
          expect(group.count).toBe(members.length);
          expect(group.context()).toBe(sum(members.map(({ context }) => context)));
          expect([...group.tenants]).toEqual([0, 1].map((tenant) => members.filter(({ slot }) => requests.tenant[slot] === tenant).length));
          expect(group.members().sort((x, y) => x - y)).toEqual(members.map(({ slot }) => slot).sort((x, y) => x - y));
          if (members.length === 0) continue;
          expect(group.firstEnd - group.iteration).toBe(Math.min(...members.map(({ left }) => left)));
          expect(group.nextGrowth()).toBe(growthOf(members, blockSize));
          for (const { slot, context } of members) expect(group.startsBlock(slot)).toBe(context % blockSize === 0);
          const ahead = growths(members, blockSize, wanted + 3);
          expect(group.growth(wanted, 0)).toBe(sum(ahead.slice(0, wanted)));
          expect(group.growth(wanted, 2)).toBe(sum(ahead.slice(2, wanted + 2)));
          // Before each iteration, one block must be free beyond what the iteration takes.
          let within = 0;
          while (within < wanted && sum(ahead.slice(0, within + 1)) + 1 <= free) within++;
          expect(group.stepsWithin(free, wanted)).toBe(within);
        }
      }),
    );
  });
});

test("slots run out with a sentence, not with wrong numbers", () => {
  const requests = new Requests(1);
  requests.capacity = 16_777_216;
  requests.freeCount = 0;
  expect(() => requests.take(0, row)).toThrow(/too small for this traffic/);
});
