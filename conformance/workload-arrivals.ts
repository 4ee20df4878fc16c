// Arrivals of generated requests against the facts: rate, burstiness within the model, and the measured Fano factors and CV where the file has them.
import { countsIn, cvOf, fanoOf, meanOf, tableCdf, tableMean, within, ksDistance } from "./distributions.ts";
import type { ArrivalFacts } from "../src/workload/presets/facts.ts";
import type { Report } from "./suite.ts";
import { generate } from "./workload-generate.ts";
import type { FactsFile } from "./workload-generate.ts";

const REQUESTS = 300_000;
/** Demanded for the Fano factors of azure-conversation-like, and taken for every file that has measured ones. */
const FANO_SHARE = 0.2;
/** The CV of gaps is steadier than the variance of counts. */
const CV_SHARE = 0.1;
/** Count against the integral of the rate: bursts of some hundred requests come and go whole, a few thousand of them in a sample. */
const COUNT_SHARE = 0.05;

/** Expected requests up to each time: the integral of the rate, for rates that change by the bucket and repeat. */
function integral(facts: ArrivalFacts): ((time: number) => number) | null {
  if (facts.model === "poisson") return (time) => time * facts.mean_rate_per_s;
  if (facts.model === "tick-batches" || facts.model === "on-off-bursts") return (time) => time * facts.mean_rate_per_s;
  if (facts.model === "session-poisson") return null;
  const mixture = facts.model === "client-mixture";
  const relative = mixture ? facts.relative_rate_by_hour : (facts.relative_rate ?? facts.relative_rate_by_hour_of_day ?? [1]);
  const width = mixture ? 3600 : facts.bucket_s;
  const rate = mixture ? facts.total_rate_per_s.mean : facts.mean_rate_per_s;
  const upTo = [0];
  for (const share of relative) upTo.push(upTo[upTo.length - 1]! + share * rate * width);
  const round = upTo[upTo.length - 1]!;
  return (time) => {
    const buckets = Math.floor(time / width);
    const bucket = buckets % relative.length;
    return Math.floor(buckets / relative.length) * round + upTo[bucket]! + relative[bucket]! * rate * (time - buckets * width);
  };
}

const gapsOf = (times: Float64Array): Float64Array => times.subarray(1).map((time, i) => time - times[i]!);

export function checkArrivals(file: FactsFile, report: Report): void {
  const { arrivals, id } = file;
  const check = (name: string, ok: boolean, detail: string): void => report(`${id} ${name}`, ok, detail);
  const near = (name: string, value: number, reference: number, share: number): void =>
    check(
      name,
      within(value, reference, share),
      `${+value.toFixed(4)}, ${+reference.toFixed(4)} expected within ${(share * 100).toFixed(1)} %`,
    );

  const trace = generate(file, REQUESTS);
  let times = trace.arrivedAt;
  const expected = integral(arrivals);
  if (trace.session && (arrivals.model === "session-poisson" || file.sessions?.rounds_per_conversation)) {
    // Later turns wait for answers: the process that the facts describe is that of the sessions' first requests.
    let sessions = 0;
    times = times.filter((_, i) => trace.session![i]! >= sessions && ++sessions > 0);
    const perSession = arrivals.model === "session-poisson" ? 1 : tableMean(file.sessions!.p!, file.sessions!.rounds_per_conversation!);
    const rate =
      (arrivals.model === "session-poisson"
        ? arrivals.sessions_per_hour / 3600
        : (arrivals as { mean_rate_per_s: number }).mean_rate_per_s) / perSession;
    // Sampling error of a Poisson count: 4 standard deviations.
    near("sessions", times.length, rate * times[times.length - 1]!, 4 / Math.sqrt(times.length) + (perSession === 1 ? 0 : 0.05));
    near("CV of session gaps", cvOf(gapsOf(times)), 1, 5 / Math.sqrt(times.length));
    return;
  }
  if (expected !== null) near("count", times.length, expected(times[times.length - 1]!), COUNT_SHARE);
  if (arrivals.model === "piecewise-gamma-renewal") {
    // On the clock on which the rate is 1 the gaps are gamma with CV 1 / sqrt(shape).
    near("CV of unit-rate gaps", cvOf(gapsOf(times.map(expected!))), 1 / Math.sqrt(arrivals.gamma.shape), 0.03);
  }
  if (arrivals.model === "poisson") {
    near("CV of gaps", cvOf(gapsOf(times)), 1, 0.02);
    near("Fano factor", fanoOf(times, 10 / arrivals.mean_rate_per_s), 1, 0.05);
  }
  if (arrivals.model === "tick-batches") {
    const counts = countsIn(times, arrivals.tick_s);
    const { p, n } = arrivals.count_per_tick;
    near("mean per tick", meanOf(counts), tableMean(p, n), 0.02);
    const ks = ksDistance(counts, tableCdf(p, n));
    check("counts per tick", ks <= 0.03, `KS ${ks.toFixed(4)}`);
  }
  if (arrivals.model === "client-mixture") {
    // A quarter of the traffic has gaps with a CV above its p75: the sum must be burstier than Poisson in short windows.
    const fano = fanoOf(times, 1);
    check("burstier than Poisson", fano > 1.1, `Fano factor ${fano.toFixed(2)} in windows of 1 s`);
  }
  const measured = file.goodness?.arrivals;
  // Ticks are spread inside, the measured times are not: their Fano factors carry the beat of 3 s ticks in 10 s windows. The counts per tick stand for them.
  if (arrivals.model === "tick-batches" || measured === undefined) return;
  const { fano, cv } = measured;
  fano?.real.forEach((real, i) => {
    const own = fano.generated?.[i] ?? real;
    const value = fanoOf(times, fano.windows_s[i]!);
    // Where the model itself misses the measurement, by the file's own account, its own figure is the mark.
    const reference = within(own, real, FANO_SHARE) ? real : own;
    near(`Fano factor in ${fano.windows_s[i]} s`, value, reference, FANO_SHARE);
  });
  if (cv) near("CV of gaps", cvOf(gapsOf(times)), cv.real, CV_SHARE);
}
