// Values as a person types them: "1,2,3", "2..8", "0.5..2:0.25", "1..64*2", "inferline,hpa", "[[0,3]],[[0,5]]".

/** Values that one axis may have. */
export const MOST_VALUES = 200;

export type ValuesOutcome = { readonly ok: true; readonly values: readonly string[] } | { readonly ok: false; readonly error: string };

/** Parts between commas that stand in no bracket or quotation mark. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && "[{".includes(character)) depth++;
    else if (!quoted && "]}".includes(character)) depth--;
    if (character === "," && depth === 0 && !quoted) {
      parts.push(part.trim());
      part = "";
    } else part += character;
  }
  return [...parts, part.trim()];
}

const NUMBER = String.raw`[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?`;
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})(?:\s*:\s*(${NUMBER}))?$`);
const LOG_RANGE = new RegExp(String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})\s*\*\s*(${NUMBER})$`);

/** The numbers of "from..to*factor": each is the one before times the factor. */
function logRange(text: string, match: RegExpExecArray): ValuesOutcome {
  const [from, to, factor] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!(factor > 1))
    return { ok: false, error: `"${text}" has a factor of ${factor}. Give a factor above 1, for example ${from}..${to}*2.` };
  if (!(from > 0) || to < from)
    return {
      ok: false,
      error: `"${text}" does not go up from a number above 0. Give two such numbers, the smaller first, for example 1..64*2.`,
    };
  const values: string[] = [];
  for (let value = from; value <= to * (1 + 1e-9); value *= factor) {
    if (values.length === MOST_VALUES) return { ok: false, error: `"${text}" has more than ${MOST_VALUES} values. Give a larger factor.` };
    values.push(String(Number(value.toPrecision(12))));
  }
  return { ok: true, values };
}

/** The numbers of "from..to:step"; the step is 1 where it is left out. Counted, not added up: 0.1 x 3 is shown as 0.3. */
function range(text: string, match: RegExpExecArray): ValuesOutcome {
  const [from, to, step] = [Number(match[1]), Number(match[2]), match[3] === undefined ? 1 : Number(match[3])];
  if (!(step > 0)) return { ok: false, error: `"${text}" has a step of ${step}. Give a step above 0, for example ${from}..${to}:1.` };
  if (to < from) return { ok: false, error: `"${text}" ends before it begins. Give the smaller number first, for example ${to}..${from}.` };
  // A millionth of a step: what dividing decimal fractions loses.
  const count = Math.floor((to - from) / step + 1e-6) + 1;
  if (count > MOST_VALUES) return { ok: false, error: `"${text}" has ${count} values. Give at most ${MOST_VALUES}, with a larger step.` };
  return { ok: true, values: Array.from({ length: count }, (_, i) => String(Number((from + i * step).toPrecision(12)))) };
}

/** The list behind the text, each value once. `max` of one parameter is checked elsewhere, by the schema. */
export function axisValues(text: string): ValuesOutcome {
  const values: string[] = [];
  for (const part of split(text)) {
    const match = RANGE.exec(part);
    const byFactor = LOG_RANGE.exec(part);
    const plain: ValuesOutcome = byFactor === null ? { ok: true, values: [part] } : logRange(part, byFactor);
    const outcome = match === null ? plain : range(part, match);
    if (!outcome.ok) return outcome;
    values.push(...outcome.values);
  }
  if (values.some((value) => value === ""))
    return {
      ok: false,
      error:
        text.trim() === "" ? "There are no values. Give some, for example 1,2,3." : `"${text}" has an empty value. Take one comma away.`,
    };
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined) return { ok: false, error: `The value ${twice} is there twice. Give each value once.` };
  if (values.length > MOST_VALUES) return { ok: false, error: `There are ${values.length} values. Give at most ${MOST_VALUES}.` };
  return { ok: true, values };
}
