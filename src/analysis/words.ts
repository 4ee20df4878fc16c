// Numbers inside the sentences that conclusions are stated in: three digits, no unit but what the sentence says.

export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = Number(value.toPrecision(3));
  return Math.abs(text) >= 1e6 ? text.toExponential(2) : String(text);
}

export const percentOf = (share: number): string => `${digits(100 * share)} %`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
