// Numbers, dates and times as they stand in traces. Times are kept as whole seconds and a fraction, so that nanoseconds since 1970 lose nothing.

/** Answers of the token readers that are not a count. */
export const NOT_A_NUMBER = -1;
export const NEGATIVE = -2;
export const OUT_OF_RANGE = -3;
/** Longest prompt or output that is believed. */
export const MAX_TOKENS = 10_000_000;

/** A point in time: whole seconds, a fraction in [0, 1), and the offset of its time zone in minutes (NaN when it names none). */
export interface Moment {
  whole: number;
  fraction: number;
  offset: number;
}

const DIGITS = /^[+-]?\d+(\.0*)?$/;
const NUMBER_LIKE = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?0[xob][\da-f]+$/i;
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+$/;
const DOTTED_THOUSANDS = /^[+-]?\d{1,3}(\.\d{3})+$/;

/** A token count: 0 or more, or one of the answers above. `grouping` is the character that may group thousands. */
export function parseTokens(text: string, grouping: "," | "." | "" = ","): number {
  const length = text.length;
  if (length > 0 && length <= 8) {
    let value = 0;
    let i = 0;
    for (; i < length; i++) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === length) return value <= MAX_TOKENS ? value : OUT_OF_RANGE;
  }
  let plain = text;
  if (grouping === "," && THOUSANDS.test(text)) plain = text.replaceAll(",", "");
  else if (grouping === "." && DOTTED_THOUSANDS.test(text)) plain = text.replaceAll(".", "");
  if (DIGITS.test(plain)) return checkTokens(Number(plain));
  return NUMBER_LIKE.test(plain) ? (plain.startsWith("-") ? NEGATIVE : OUT_OF_RANGE) : NOT_A_NUMBER;
}

function checkTokens(value: number): number {
  if (value < 0) return NEGATIVE;
  return value <= MAX_TOKENS && Number.isInteger(value) ? value + 0 : OUT_OF_RANGE;
}

/** A token count from a JSON value: a number, or a string that holds one. */
export function tokensOf(value: unknown): number {
  if (typeof value === "number") return Number.isNaN(value) ? NOT_A_NUMBER : checkTokens(value);
  return typeof value === "string" ? parseTokens(value.trim()) : NOT_A_NUMBER;
}

/** Decimal digits of a unit of time: seconds 0, milliseconds 3, microseconds 6, nanoseconds 9. */
export type UnitDigits = 0 | 3 | 6 | 9;

const DECIMAL = /^\+?(\d+)(?:\.(\d*))?$/;

/** A time in a unit, as decimal digits: 0 when read into `into`, else one of the answers above. */
export function parseTime(text: string, digits: UnitDigits, into: Moment): number {
  into.offset = NaN;
  if (digits === 0 && parsePlainSeconds(text, into)) return 0;
  const found = DECIMAL.exec(text);
  if (found === null) {
    if (!NUMBER_LIKE.test(text) || /[xob_]/i.test(text)) return NUMBER_LIKE.test(text) ? OUT_OF_RANGE : NOT_A_NUMBER;
    return timeOf(Number(text), digits, into);
  }
  const all = found[1]!.padStart(digits + 1, "0");
  into.whole = Number(all.slice(0, all.length - digits));
  into.fraction = Number(`0.${all.slice(all.length - digits)}${found[2] ?? ""}0`);
  return into.whole < 1e15 ? 0 : OUT_OF_RANGE;
}

/** Seconds as up to 15 digits before the point and up to 15 after it, without a regular expression: most rows of most tables. */
function parsePlainSeconds(text: string, into: Moment): boolean {
  const length = text.length;
  if (length === 0 || length > 31) return false;
  let whole = 0;
  let i = 0;
  for (; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (i === 0 || i > 15) return false;
  into.whole = whole;
  into.fraction = 0;
  if (i === length) return true;
  if (text.charCodeAt(i) !== 46 || length - i > 16) return false;
  let decimals = 0;
  let scale = 1;
  for (i++; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
    decimals = decimals * 10 + digit;
    scale *= 10;
  }
  // Both are whole numbers below 2^53: the quotient is the nearest double, as a parser would give.
  into.fraction = decimals / scale;
  return true;
}

/** The same from a number, which may have lost its last digits. */
export function timeOf(value: number, digits: UnitDigits, into: Moment): number {
  into.offset = NaN;
  if (Number.isNaN(value)) return NOT_A_NUMBER;
  const seconds = digits === 0 ? value : value / (digits === 3 ? 1e3 : digits === 6 ? 1e6 : 1e9);
  if (!(seconds >= 0 && seconds < 1e15)) return OUT_OF_RANGE;
  into.whole = Math.floor(seconds);
  const fraction = seconds - into.whole;
  // Seconds since 1970 as a double are good to a quarter of a microsecond: the digits beyond are noise of the number format.
  into.fraction = seconds > 1e8 ? Math.min(0.999999, Math.round(fraction * 1e6) / 1e6) : fraction;
  return 0;
}

/** A time from a JSON value, a number or a string of digits or a date. */
export function momentOf(value: unknown, digits: UnitDigits, into: Moment): number {
  if (typeof value === "number") return timeOf(value, digits, into);
  if (typeof value !== "string") return NOT_A_NUMBER;
  const text = value.trim();
  return parseDate(text, into) ? 0 : parseTime(text, digits, into);
}

/** Days from 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const digitsAt = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** A date and time such as 2023-11-16 18:15:46.6805900, 2024-05-12T00:00:01+00:00 or with a final Z; without an offset it counts as UTC. */
export function parseDate(text: string, into: Moment): boolean {
  const length = text.length;
  if (length < 19) return false;
  const dash = text.charCodeAt(4);
  if ((dash !== 45 && dash !== 47) || text.charCodeAt(7) !== dash) return false;
  const gap = text.charCodeAt(10);
  if ((gap !== 32 && gap !== 84 && gap !== 116) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return false;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  if (!(
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= MONTH_DAYS[month - 1]! &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60 &&
    year >= 1970
  ))
    return false;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return false;
  let at = 19;
  let fraction = 0;
  const point = text.charCodeAt(at);
  if (point === 46 || point === 44) {
    let end = at + 1;
    let scale = 1;
    let digits = 0;
    for (; end < length; end++) {
      const digit = text.charCodeAt(end) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      if (end - at <= 15) {
        digits = digits * 10 + digit;
        scale *= 10;
      }
    }
    if (end === at + 1) return false;
    fraction = digits / scale;
    at = end;
  }
  if (text.charCodeAt(at) === 32) at++;
  const zone = zoneMinutes(text, at);
  if (zone === null) return false;
  into.whole = daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - (Number.isNaN(zone) ? 0 : zone * 60);
  into.fraction = fraction;
  into.offset = zone;
  return into.whole >= 0;
}

/** Offset at the end of a date, minutes; NaN when there is none, null when it makes no sense. */
function zoneMinutes(text: string, at: number): number | null {
  const rest = text.length - at;
  if (rest === 0) return NaN;
  const sign = text.charCodeAt(at);
  if (rest === 1 && (sign === 90 || sign === 122)) return 0;
  if ((sign !== 43 && sign !== 45) || rest < 3) return text.slice(at) === "UTC" ? 0 : null;
  const hours = digitsAt(text, at + 1, 2);
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  const minutes = rest === 3 ? 0 : rest === 5 + colon ? digitsAt(text, at + 3 + colon, 2) : NaN;
  if (!(hours <= 18 && minutes <= 59)) return null;
  const offset = hours * 60 + minutes;
  return sign === 45 ? 0 - offset : offset;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The time of a web server's log: 22/Nov/2025:10:15:00 +0000. */
export function parseLogTime(text: string, into: Moment): boolean {
  const month = MONTHS.indexOf(text.slice(3, 6).toLowerCase()) + 1;
  if (month === 0 || text.charCodeAt(2) !== 47 || text.charCodeAt(6) !== 47 || text.charCodeAt(11) !== 58) return false;
  const zone = text.slice(20).trim();
  return parseDate(`${text.slice(7, 11)}-${String(month).padStart(2, "0")}-${text.slice(0, 2)} ${text.slice(12, 20)}${zone}`, into);
}
