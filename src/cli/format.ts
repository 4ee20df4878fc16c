// Numbers for people: three significant digits, a unit that fits, a dash where there is nothing.

const NONE = "-";

/** Three significant digits, thousands separated, no exponent. */
export function figure(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (value === 0) return "0";
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: Math.min(decimals, 9) });
}

export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Seconds as ms below one second, as s above. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NONE;
  return Math.abs(seconds) < 1 ? `${figure(seconds * 1000)} ms` : `${figure(seconds)} s`;
}

export const percent = (share: number | null): string => (share === null ? NONE : `${(100 * share).toFixed(1)} %`);

export const dollars = (value: number | null): string =>
  value === null || !Number.isFinite(value)
    ? NONE
    : `$${value.toLocaleString("en-US", value >= 0.1 || value === 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 })}`;

/** 0:40:00 */
export function clock(seconds: number): string {
  const total = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
}
