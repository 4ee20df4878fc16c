// Every tenant at rates of its own, as in the suites of the VTC artifact (Ying1123/VTC-artifact, commit 192c2e2): the same arrivals to the last digits,
// because the random numbers are drawn from the same generator in the same order.
import { ln } from "../../engine/kernel/math.ts";
import { choice, integer, table } from "../../engine/params.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { defineArrivals } from "./types.ts";

/** A stretch of one tenant's traffic: rate and end rate in requests per second; `period` in seconds on, then as long off, 0 without. */
interface Stretch {
  readonly tenant: number;
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  readonly endRate: number;
  readonly period: number;
}

interface Arrival {
  readonly at: number;
  readonly tenant: number;
}

const isOn = ({ from, period }: Stretch, at: number): boolean => period === 0 || Math.floor((at - from) / period) % 2 === 0;

/** Gaps of 1 / rate; while the rate moves, that of the arrival before. `phase`: the first comes so many gaps after the first gap. */
function regular(stretch: Stretch, phase: number): Arrival[] {
  const { tenant, from, to, rate, endRate } = stretch;
  const found: Arrival[] = [];
  if (rate === endRate) {
    const count = Math.floor(rate * (to - from) + 1e-9);
    for (let k = 1; k <= count; k++) found.push({ at: from + (phase + k) / rate, tenant });
    return found;
  }
  const rateAt = (at: number): number => rate + ((endRate - rate) * (at - from)) / (to - from);
  const count = Math.floor(((rate + endRate) / 2) * (to - from) + 1e-9);
  for (let k = 0, at = from; k < count; k++) {
    at += 1 / rateAt(at);
    found.push({ at, tenant });
  }
  return found;
}

/** One Poisson stream of all rates together; whose a request is, is drawn for all of them first. */
function poissonStream(stretches: readonly Stretch[], random: MersenneTwister): Arrival[] {
  const total = stretches.reduce((sum, { rate }) => sum + rate, 0);
  const { from, to } = stretches[0]!;
  const count = Math.floor(total * (to - from) + 1e-9);
  const owners = Array.from({ length: count }, () => {
    let u = random.uniform() * total;
    const index = stretches.findIndex(({ rate }) => (u -= rate) <= 0);
    return stretches[index < 0 ? stretches.length - 1 : index]!;
  });
  let at = from;
  return owners
    .map((owner) => ({ at: (at += -ln(1 - random.uniform()) / total), tenant: owner.tenant, owner }))
    .filter((arrival) => isOn(arrival.owner, arrival.at));
}

export const tenantRates = defineArrivals({
  id: "tenant-rates",
  label: "Rates by tenant",
  help: "Every tenant sends at rates of its own, in stretches of time; the shares of the tenants count for nothing. The recipe and the random numbers are those of the VTC artifact's suites.",
  params: {
    gaps: choice(
      "constant",
      {
        constant: "constant, each stretch with a random phase",
        even: "constant, from the start of the stretch",
        poisson: "one Poisson stream of all together",
      },
      "How requests follow each other. A Poisson stream takes its times from the first stretch.",
    ),
    rates: table(
      [
        [1, 0, 600, 1, 1, 0],
        [2, 0, 600, 3, 3, 0],
      ],
      [
        { id: "tenant", label: "Tenant", min: 1, max: 1000 },
        { id: "from", label: "From", unit: "s", min: 0, max: 1e7 },
        { id: "to", label: "To", unit: "s", min: 0.001, max: 1e7 },
        { id: "rate", label: "Rate", unit: "req/s", min: 0.0001, max: 100_000 },
        { id: "endRate", label: "End rate", unit: "req/s", min: 0.0001, max: 100_000 },
        { id: "period", label: "On and off", unit: "s", min: 0, max: 1e7 },
      ],
      "Stretches: tenant (from 1), times, rate at the start and at the end, seconds for which it is on before it is off as long (0: always on).",
    ),
    randomSeed: integer(42, "Seed of the random numbers; the artifact's is 42.", {
      label: "Seed of the suite",
      min: 0,
      max: 4_294_967_295,
    }),
  },
  create: ({ gaps, rates, randomSeed }, { rateScale }) => {
    const random = new MersenneTwister(randomSeed);
    const stretches = rates.map(([tenant, from, to, rate, endRate, period]): Stretch => {
      return { tenant: tenant! - 1, from: from!, to: to!, rate: rate! * rateScale, endRate: endRate! * rateScale, period: period! };
    });
    const arrivals =
      gaps === "poisson"
        ? poissonStream(stretches, random)
        : stretches.flatMap((stretch) =>
            regular(stretch, gaps === "constant" ? random.uniform() : 0).filter(({ at }) => isOn(stretch, at)),
          );
    // Sorting keeps the order of the rows where times are the same.
    arrivals.sort((a, b) => a.at - b.at);
    const state = { taken: 0 };
    const end = stretches.reduce((last, { to }) => Math.max(last, to), 0);
    return {
      state,
      meanRate: arrivals.length / end,
      nextAt: () => arrivals[state.taken]?.at ?? Infinity,
      tenant: () => arrivals[state.taken]!.tenant,
      advance: () => void state.taken++,
    };
  },
});
