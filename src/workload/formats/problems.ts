// What can be wrong with rows, by stable code: whether they are left out, and one sentence for a person.

interface Wording {
  readonly effect: "refused" | "noted";
  /** `where` is empty or " (lines 5, 11)". */
  readonly text: (count: number, where: string) => string;
}

const rows = (count: number): string => `${count.toLocaleString("en-US")} ${count === 1 ? "row" : "rows"}`;
const were = (count: number): string => (count === 1 ? "was" : "were");
const have = (count: number): string => (count === 1 ? "has" : "have");

const refused = (why: (count: number) => string): Wording => ({
  effect: "refused",
  text: (count, where) => `${rows(count)} ${were(count)} left out: ${why(count)}${where}.`,
});
const noted = (what: (count: number) => string): Wording => ({ effect: "noted", text: (count, where) => `${what(count)}${where}.` });

export const PROBLEMS = {
  "not-a-number": refused(() => "a token count is empty or not a number"),
  "bad-time": refused(() => "the time is empty or cannot be read"),
  "negative-tokens": refused(() => "a token count is negative"),
  "zero-tokens": refused(() => "the prompt has 0 tokens"),
  "out-of-range": refused(() => "a token count is not a whole decimal number up to 10,000,000, or a time is not a finite number from 0 on"),
  "wrong-field-count": refused(() => "the number of fields differs from the header's"),
  "unclosed-quote": refused(() => "a quotation mark is not closed on the line"),
  "bad-json": refused(() => "the text is not a complete JSON object"),
  "missing-field": refused(() => "a field that the format needs is not there"),
  "no-token-counts": refused(() => "the record has no token counts, so it is not a request to a model"),
  "bad-line": refused(() => "the line does not have the form of the log"),
  "line-too-long": refused(() => "the record is longer than 64 MB"),
  "zero-output": noted((n) => `${rows(n)} with 0 output tokens ${were(n)} kept as ${n === 1 ? "a failed request" : "failed requests"}`),
  "timestamps-out-of-order": noted((n) => `${rows(n)} ${were(n)} earlier than the row before, so the trace was sorted by time`),
  "mixed-time-zones": noted((n) => `${rows(n)} ${have(n)} another time zone than the first row; all times were converted to one clock`),
  "delimiter-semicolon-decimal-comma": noted(
    (n) => `Fields are separated by semicolons and ${rows(n)} ${have(n)} times with a decimal comma: 11,2 was read as 11.2`,
  ),
  "hash-ids-length-mismatch": noted(
    (n) =>
      `${rows(n)} ${have(n)} more or fewer prefix hashes than the prompt has blocks: surplus ones were ignored, missing ones count as blocks that nobody shares`,
  ),
  "no-hash-ids": noted((n) => `${rows(n)} ${have(n)} no prefix hashes: the prompt is taken as shared with nobody`),
  "total-tokens-mismatch": noted((n) => `${rows(n)} ${have(n)} a total that is not prompt + output; the total was not used`),
  "no-arrival-times": noted(
    (n) => `The file has no arrival times: its ${rows(n)} were placed one second apart (change the rate scale for more)`,
  ),
  "tokens-estimated": noted((n) => `The file has text but no token counts: those of ${rows(n)} were estimated as 4 characters a token`),
  "arrival-from-log-time": noted(
    (n) => `The log is written when a request ends: the arrivals of ${rows(n)} are that time less the time the request took`,
  ),
  "session-clocks": noted((n) => `Times count from the start of each session: all ${n.toLocaleString("en-US")} sessions were started at 0`),
  "truncated-json": noted(() => "The file ends in the middle of a value: what came before was used"),
  "invalid-utf8": noted(() => "Some bytes are not UTF-8 text and were replaced"),
} as const satisfies Record<string, Wording>;

export type ProblemCode = keyof typeof PROBLEMS;
