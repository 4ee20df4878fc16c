// Ticks for tracks: few, round, and for time on the clock.

const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/** Round clock times inside [from, to], at least `minPixels` apart on `width` pixels. */
export function timeTicks(from: number, to: number, width: number, minPixels = 84): number[] {
  const span = to - from;
  if (!(span > 0) || width <= 0) return [];
  const least = (span * minPixels) / width;
  const step = TIME_STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / 86400) * 86400;
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step - 1e-9) + 0; k * step <= to + step * 1e-6; k++) ticks.push(k * step);
  return ticks;
}

const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Largest round step of which at least `count` fit into `span`. */
export function niceStep(span: number, count: number, whole = false): number {
  if (!(span > 0)) return 1;
  const power = Math.pow(10, Math.floor(Math.log10(span / count)));
  let best = power;
  for (const factor of NICE) if (factor * power * count <= span * (1 + 1e-9)) best = factor * power;
  return whole ? Math.max(1, Math.floor(best)) : best;
}

/** Ticks from 0: as many as the height has room for. */
export function ticksFromZero(top: number, height: number, whole = false): number[] {
  const count = height >= 52 ? 2 : height >= 38 ? 2 : 1;
  const step = niceStep(top, count, whole);
  const ticks: number[] = [];
  for (let k = 0; k * step <= top * (1 + 1e-9) && k <= 4; k++) ticks.push(k * step);
  return ticks;
}

/** Powers of ten inside [low, high]; with 2 and 5 between when that leaves fewer than two. */
export function logTicks(low: number, high: number): number[] {
  const pick = (factors: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const factor of factors) {
        const value = Number((factor * Math.pow(10, power)).toPrecision(3));
        if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
      }
    return ticks;
  };
  const decades = pick([1]);
  if (decades.length >= 2) return decades;
  const thirds = pick([1, 3]);
  return thirds.length >= 2 ? thirds : pick([1, 2, 5]);
}
