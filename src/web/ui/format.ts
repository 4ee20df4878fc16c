// All number formatting of the page. No-break space before a unit, true minus, thousands comma, clock of simulated time as mm:ss.

export const NBSP = "\u00a0";
export const MINUS = "\u2212";
export const TIMES = "\u00d7";
const UNIT_SIGNS: Readonly<Record<string, string>> = { us: "\u00b5s", x: TIMES };
/** A unit as it is set; descriptors and files spell it with the letters of every keyboard. */
export const unitSign = (unit: string): string => UNIT_SIGNS[unit] ?? unit;
/** Stands where there is no number. */
export const NONE = "\u2013";

type Maybe = number | null | undefined;

const isNumber = (value: Maybe): value is number => value !== null && value !== undefined && Number.isFinite(value);

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Fixed decimals with thousands commas and a true minus; a rounded zero has no sign. */
export function fixed(value: Maybe, decimals = 0): string {
  if (!isNumber(value)) return NONE;
  const text = Math.abs(value).toFixed(decimals);
  const [whole = "0", fraction] = text.split(".");
  const sign = value < 0 && Number(text) !== 0 ? MINUS : "";
  return sign + group(whole) + (fraction === undefined ? "" : `.${fraction}`);
}

export const integer = (value: Maybe): string => fixed(value, 0);

/** Decimals that show `digits` significant digits of a number of this size, at most 6. */
export function decimalsFor(value: number, digits = 3): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size) || size === 0) return 0;
  const power = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  return Math.min(6, Math.max(0, digits - 1 - power));
}

/** Three significant digits, never an exponent: 0.0123, 4.56, 78.9, 1,234. */
export function significant(value: Maybe, digits = 3): string {
  return isNumber(value) ? fixed(value, decimalsFor(value, digits)) : NONE;
}

export const withUnit = (text: string, unit: string): string => (text === NONE ? NONE : `${text}${NBSP}${unit}`);

/** A duration in the unit that suits it: 80 ms, 2.00 s, 25.3 s, 312 s. */
export function seconds(value: Maybe): string {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return withUnit("0", "ms");
  if (size < 0.0995)
    return withUnit(size > 0 && size < 0.00095 ? significant(value * 1000, 2) : fixed(value * 1000, size < 0.00995 ? 1 : 0), "ms");
  return withUnit(fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0), "s");
}

export const milliseconds = (value: Maybe, decimals = 0): string => withUnit(fixed(isNumber(value) ? value * 1000 : null, decimals), "ms");

/** Limits as people say them: 2 s, 80 ms, 500 ms. */
export function limit(value: Maybe): string {
  if (!isNumber(value)) return NONE;
  return value !== 0 && Math.abs(value) < 1
    ? withUnit(significant(value * 1000).replace(/\.0+$/, ""), "ms")
    : withUnit(trimmed(value), "s");
}

/** Up to three decimals, no trailing zeros: ticks and settings. */
export function trimmed(value: Maybe): string {
  if (!isNumber(value)) return NONE;
  const text = fixed(value, 3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A share 0..1 as a percentage. */
export const percent = (share: Maybe, decimals = 1): string => withUnit(fixed(isNumber(share) ? share * 100 : null, decimals), "%");

export const money = (dollars: Maybe, decimals = 2): string => {
  if (!isNumber(dollars)) return NONE;
  const text = fixed(dollars, decimals);
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`;
};

export const perHour = (dollars: Maybe, decimals = 2): string => (isNumber(dollars) ? `${money(dollars, decimals)}/h` : NONE);

export const times = (value: Maybe, digits = 3): string => withUnit(significant(value, digits), TIMES);

/** Puts a plus before a positive number; zero stays bare. */
export function signed(value: Maybe, format: (value: number) => string): string {
  if (!isNumber(value)) return NONE;
  const text = format(value);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Change of a share in percentage points: +24.8 pt. */
export const points = (difference: Maybe): string =>
  signed(isNumber(difference) ? difference * 100 : null, (v) => withUnit(fixed(v, 1), "pt"));

/** Relative change, +38 %; one decimal when small. */
export function change(now: Maybe, before: Maybe): string {
  if (!isNumber(now) || !isNumber(before) || before === 0) return NONE;
  const ratio = (now / before - 1) * 100;
  return signed(ratio, (v) => withUnit(fixed(v, Math.abs(v) < 1 && v !== 0 ? 1 : 0), "%"));
}

const pad = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/** Clock of simulated time, mm:ss; minutes go on beyond 99. `decimals` adds tenths and finer. */
export function clock(time: Maybe, decimals = 0): string {
  if (!isNumber(time)) return `${NONE}:${NONE}`;
  const scale = Math.pow(10, decimals);
  const ticks = Math.floor(Math.abs(time) * scale + 1e-6);
  const whole = Math.floor(ticks / scale);
  const fraction = decimals > 0 ? `.${String(ticks % scale).padStart(decimals, "0")}` : "";
  return `${time < 0 && ticks > 0 ? MINUS : ""}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}${fraction}`;
}

/** "1 replica", "12 replicas". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${integer(count)}${NBSP}${Math.abs(count) === 1 ? one : many}`;

/** "a, b and c". */
export function listed(items: readonly string[], last = "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${last} ${items[items.length - 1]}`;
}

const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** Decimal units: 80.0 GB. */
export function bytes(value: Maybe): string {
  if (!isNumber(value)) return NONE;
  let unit = 0;
  while (Math.abs(value) / 1000 ** unit >= 999.5 && unit < BYTE_UNITS.length - 1) unit++;
  return withUnit(unit === 0 ? integer(value) : significant(value / 1000 ** unit), BYTE_UNITS[unit] ?? "B");
}
