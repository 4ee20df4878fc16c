// Parameters and figures that routers with a prefix tree have in common.
import type { FleetView } from "../../../engine/contracts.ts";
import { number } from "../../../engine/params.ts";
import type { PromptMemory } from "./prompt-memory.ts";

export const treeParams = {
  charsPerToken: number(4.4, "Characters of a token: the tree's sizes are in characters, the traffic's in tokens.", {
    label: "Characters",
    min: 0.1,
    max: 100,
    step: 0.1,
  }),
  delay: number(0, "From sending a prompt until the tree has it.", { label: "Tree delay", min: 0, max: 3600, unit: "s" }),
} as const;

/** How often each reason decided. */
export type Branches = Record<"load" | "prefix" | "smallest", number>;

export const noBranches = (): Branches => ({ load: 0, prefix: 0, smallest: 0 });

export const branchFigures = ({ prefix, smallest, load }: Readonly<Branches>): Readonly<Record<string, number>> => ({
  "by prefix": prefix,
  "by smallest tree": smallest,
  "by load": load,
});

/** A candidate's numbers: outstanding requests, tokens expected there, blocks in its tree. */
export function judgeByTree(memory: PromptMemory, slot: number, replica: number, fleet: FleetView, into: Float64Array): void {
  into[0] = fleet.load.outstanding[replica]!;
  into[1] = memory.expected(slot, replica, fleet);
  into[2] = memory.tree.countOf(replica);
}
