// The profile that the parameters of a latency model name, where it is at hand.
import type { ProfileParam, Values } from "../engine/params.ts";
import type { LatencyContext, OpenProfile } from "./types.ts";

export const openOf = (
  { profile: named }: Values<{ readonly profile: ProfileParam }>,
  context?: LatencyContext,
): OpenProfile | undefined => (named === null ? undefined : context?.profiles.get(named.hash));
