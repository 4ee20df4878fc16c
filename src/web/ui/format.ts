// Numbers to text, in one place. No-break space before units, true minus, thousands comma, tabular figures come from the font.

export const NBSP = "\u00a0";
export const MINUS = "\u2212";
export const TIMES = "\u00d7";
const DASH = "\u2013";

const plain = (text: string): string => text.replace("-", MINUS);

/** 34,724 */
export function whole(value: number): string {
  if (!Number.isFinite(value)) return DASH;
  return plain(Math.round(value).toString()).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Fixed decimals with thousands comma: 1,204.50 */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return DASH;
  const [int = "0", frac] = value.toFixed(decimals).split(".");
  const grouped = int.replace(/\B(?=(\d{3})+$)/g, ",");
  return plain(frac === undefined ? grouped : `${grouped}.${frac}`);
}

/** Three significant digits, never in powers of ten: 0.742, 23.6, 1,204 */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return DASH;
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return fixed(value, Math.max(0, Math.min(6, digits - 1 - magnitude)));
}

/** A duration with the unit that suits it: 850 µs, 38 ms, 2.00 s, 25.3 s, 12 min. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return DASH;
  const size = Math.abs(value);
  if (size === 0) return `0${NBSP}s`;
  if (size < 0.001) return `${fixed(value * 1e6, 0)}${NBSP}µs`;
  if (size < 0.0995) return `${fixed(value * 1e3, size < 0.00995 ? 1 : 0)}${NBSP}ms`;
  if (size < 9.995) return `${fixed(value, 2)}${NBSP}s`;
  if (size < 600) return `${fixed(value, 1)}${NBSP}s`;
  return `${fixed(value / 60, 0)}${NBSP}min`;
}

/** A limit as a person set it: 2 s, 80 ms, 0.5 s. */
export function limit(value: number): string {
  return value < 0.2 ? `${trimmed(value * 1e3)}${NBSP}ms` : `${trimmed(value)}${NBSP}s`;
}

/** Up to six significant digits without trailing zeros: 1.5, 96, 0.0625 */
export function trimmed(value: number): string {
  if (!Number.isFinite(value)) return DASH;
  const text = Number(value.toPrecision(6)).toString();
  if (text.includes("e")) return plain(text);
  const [int = "0", frac] = text.split(".");
  const grouped = int.replace(/\B(?=(\d{3})+$)/g, ",");
  return plain(frac === undefined ? grouped : `${grouped}.${frac}`);
}

/** 90.2 % */
export const percent = (share: number, decimals = 1): string => `${fixed(share * 100, decimals)}${NBSP}%`;

/** $103.77 */
export const money = (value: number): string => (value < 0 ? `${MINUS}$${fixed(-value, 2)}` : `$${fixed(value, 2)}`);

/** Simulated time as a clock: 22:08, 1:02:08. */
export function clock(time: number): string {
  if (!Number.isFinite(time)) return "--:--";
  const s = Math.max(0, Math.floor(time));
  const two = (n: number): string => String(n).padStart(2, "0");
  return s < 6000 ? `${two(Math.floor(s / 60))}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** 1 request, 2 requests */
export const plural = (count: number, one: string, many = `${one}s`): string => `${whole(count)} ${count === 1 ? one : many}`;

/** "a", "a and b", "a, b and c"; beyond `most` names: "a, b, c and 4 more". */
export function listed(names: readonly string[], most = 4): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** 1.2 GB, decimal units. */
export function bytes(value: number): string {
  let unit = 0;
  let size = value;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? whole(size) : significant(size)}${NBSP}${UNITS[unit]}`;
}
