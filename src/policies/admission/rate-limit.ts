// So many requests of a tenant in any window of time: the usual guard of public services, which refuses whether or not the fleet is busy.
import { integer, number } from "../../engine/params.ts";
import { Verdict, definePolicy } from "../../engine/contracts.ts";

export const rateLimit = definePolicy({
  kind: "admission",
  id: "rate-limit",
  label: "Requests per minute of a tenant",
  help: "Refuses a request when so many of its tenant were accepted in the time before it. Refused ones do not count (the RPM baseline of the VTC paper).",
  params: {
    limit: integer(20, "Most requests of a tenant that are accepted in any window.", {
      label: "At most",
      min: 0,
      max: 1_000_000,
      unit: "req",
    }),
    windowSeconds: number(60, "Length of the window.", { label: "Within", min: 0.001, max: 1e6, unit: "s", scale: "log" }),
  },
  create: ({ limit, windowSeconds }, { tenantCount }) => {
    /** By tenant: times of its accepted requests, from the oldest that may still count. */
    const state = { accepted: Array.from({ length: tenantCount }, (): number[] => []), oldest: new Int32Array(tenantCount) };
    return {
      state,
      admit: (slot, { now, requests }) => {
        const tenant = requests.tenant[slot]!;
        const times = state.accepted[tenant]!;
        let oldest = state.oldest[tenant]!;
        while (oldest < times.length && now - times[oldest]! > windowSeconds) oldest++;
        if (oldest > 64 && oldest * 2 > times.length) {
          times.splice(0, oldest);
          oldest = 0;
        }
        state.oldest[tenant] = oldest;
        if (times.length - oldest >= limit) return Verdict.refuse;
        times.push(now);
        return Verdict.accept;
      },
    };
  },
});
