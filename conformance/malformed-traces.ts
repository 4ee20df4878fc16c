// Suite malformed-traces: damaged and awkward trace files, with the outcome that expected.json of the folder asks for.
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrace } from "../src/workload/formats/read.ts";
import type { TraceOutcome, TraceReport } from "../src/workload/types.ts";
import type { Suite } from "./suite.ts";

interface Expected {
  readonly file: string;
  readonly bytes?: number;
  readonly format?: string;
  readonly outcome: "accept" | "accept_with_warning" | "reject";
  readonly code?: string;
  readonly warning?: string;
  readonly acceptable_alternative?: string;
  readonly column?: string;
  readonly rows_accepted?: number;
  readonly rows_rejected?: number;
  readonly rejected_lines?: readonly number[];
  readonly accepted_lines?: readonly number[];
  readonly kept_lines?: readonly number[];
  readonly zero_output_kept_lines?: readonly number[];
  readonly total_mismatch_lines?: readonly number[];
  readonly lines_with_mismatch?: readonly number[];
  readonly lines_without_hash_ids?: readonly number[];
  readonly inversions?: number;
  readonly sum_prompt_tokens?: number;
  readonly last_arrival_s?: number;
  readonly first_arrival_after_rebasing_s?: number;
  readonly sessions?: number;
  readonly rows_without_session?: number;
}

const lines = (report: TraceReport, effect: "refused" | "noted", code?: string): number[] =>
  report.problems
    .filter((problem) => problem.effect === effect && (code === undefined || problem.code === code))
    .flatMap((problem) => problem.lines)
    .sort((a, b) => a - b);

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** What every outcome must hold: counts that add up, and no figure that is none in anything that is shown. */
export function soundness(outcome: TraceOutcome): string[] {
  const { report } = outcome;
  const wrong: string[] = [];
  if (report.accepted + report.refused !== report.rowsRead)
    wrong.push(`${report.accepted} + ${report.refused} rows are not ${report.rowsRead}`);
  const refused = report.problems.filter((problem) => problem.effect === "refused").reduce((sum, problem) => sum + problem.count, 0);
  if (outcome.ok && refused !== report.refused) wrong.push(`problems explain ${refused} of ${report.refused} refused rows`);
  const texts = [...report.problems.map((problem) => problem.text), ...(outcome.ok ? [] : [outcome.text])];
  for (const text of texts) if (/\bNaN\b|\bInfinity\b|\bundefined\b|\bnull\b/.test(text) || text.length < 10) wrong.push(`text "${text}"`);
  const figures = JSON.stringify(report, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? "not finite" : value,
  );
  if (figures.includes("not finite")) wrong.push("a figure of the report is not finite");
  if (!outcome.ok) return wrong;
  const { trace } = outcome;
  if (trace.length !== report.accepted) wrong.push(`trace of ${trace.length} rows, ${report.accepted} accepted`);
  for (let i = 0; i < trace.length; i++) {
    const at = trace.arrivedAt[i]!;
    if (!(at >= (i === 0 ? 0 : trace.arrivedAt[i - 1]!) && Number.isFinite(at))) wrong.push(`arrival ${i} is ${at}`);
    if (!(trace.promptTokens[i]! >= 1 && trace.outputTokens[i]! >= 0)) wrong.push(`lengths of request ${i}`);
    if (wrong.length > 3) break;
  }
  return wrong;
}

function compareAccepted(outcome: TraceOutcome & { ok: true }, expected: Expected): string[] {
  const { report, trace } = outcome;
  const wrong: string[] = [];
  const check = (name: string, wanted: unknown, found: unknown, equal = wanted === found): void => {
    if (wanted !== undefined && !equal) wrong.push(`${name} ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  };
  check("format", expected.format === "any" ? undefined : expected.format, report.format);
  check("rows accepted", expected.rows_accepted, report.accepted);
  check("rows rejected", expected.rows_rejected, report.refused);
  const refused = lines(report, "refused");
  if (expected.rejected_lines) check("rejected lines", expected.rejected_lines, refused, same(refused, expected.rejected_lines));
  for (const line of expected.accepted_lines ?? []) if (refused.includes(line)) wrong.push(`line ${line} was refused`);
  const zero = lines(report, "noted", "zero-output");
  const kept = expected.kept_lines ?? expected.zero_output_kept_lines;
  if (kept) check("kept failed requests", kept, zero, same(zero, kept) && report.failed === kept.length);
  const listed: readonly (readonly [string, readonly number[] | undefined])[] = [
    ["total-tokens-mismatch", expected.total_mismatch_lines],
    ["hash-ids-length-mismatch", expected.lines_with_mismatch],
    ["no-hash-ids", expected.lines_without_hash_ids],
  ];
  for (const [code, wanted] of listed)
    if (wanted) check(code, wanted, lines(report, "noted", code), same(lines(report, "noted", code), wanted));
  if (expected.warning !== undefined && !report.problems.some((problem) => problem.code === expected.warning)) {
    wrong.push(`no warning ${expected.warning}, but ${report.problems.map((problem) => problem.code).join(", ") || "none"}`);
  }
  if (expected.outcome === "accept" && report.problems.length > 0) wrong.push(`a message nobody needs: ${report.problems[0]!.code}`);
  check("inversions", expected.inversions, report.problems.find((problem) => problem.code === "timestamps-out-of-order")?.count ?? 0);
  check("sum of prompts", expected.sum_prompt_tokens, report.statistics?.promptTokens.sum);
  check("last arrival", expected.last_arrival_s, trace.arrivedAt[trace.length - 1]);
  check("first arrival", expected.first_arrival_after_rebasing_s, trace.arrivedAt[0]);
  check("sessions", expected.sessions, report.statistics?.sessions);
  check("rows without session", expected.rows_without_session, trace.session?.filter((session) => session < 0).length);
  return wrong;
}

function compare(outcome: TraceOutcome, expected: Expected): string[] {
  const wrong = soundness(outcome);
  const alternative = expected.acceptable_alternative ?? "";
  if (expected.outcome === "reject") {
    if (outcome.ok) {
      const allowed = /accept (\d+) rows/.exec(alternative);
      return allowed && outcome.report.accepted === Number(allowed[1])
        ? wrong
        : [...wrong, `accepted ${outcome.report.accepted} rows instead of a refusal`];
    }
    const byHand = /column-mapping/.test(alternative) && outcome.columns !== undefined;
    if (expected.code !== undefined && outcome.code !== expected.code && !byHand)
      wrong.push(`code ${outcome.code} instead of ${expected.code}`);
    if (expected.column !== undefined && !outcome.text.includes(expected.column))
      wrong.push(`the sentence does not name ${expected.column}`);
    return wrong;
  }
  if (outcome.ok) return [...wrong, ...compareAccepted(outcome, expected)];
  const allowed = /reject with code ([a-z-]+)/.exec(alternative);
  return allowed && outcome.code === allowed[1] ? wrong : [...wrong, `refused (${outcome.code}: ${outcome.text})`];
}

export const suite: Suite = {
  id: "malformed-traces",
  about:
    "Outcome, counts, lines and codes of damaged trace files as the folder's expected.json says; exact, for a count or a line is right or wrong.",
  needsFolder: true,
  run: async (folder, report) => {
    const { files } = JSON.parse(await readFile(join(folder, "expected.json"), "utf8")) as { files: Expected[] };
    const present = new Set(await readdir(folder));
    for (const expected of files) {
      if (!present.delete(expected.file)) {
        report(expected.file, false, "the file is not in the folder");
        continue;
      }
      const outcome = await readTrace(createReadStream(join(folder, expected.file)), { file: expected.file });
      const wrong = compare(outcome, expected);
      if (expected.bytes !== undefined && outcome.ok && outcome.report.bytes !== expected.bytes)
        wrong.push(`${outcome.report.bytes} bytes`);
      const figure = outcome.ok ? `${outcome.report.accepted} accepted, ${outcome.report.refused} refused` : `refused: ${outcome.code}`;
      report(expected.file, wrong.length === 0, wrong.length === 0 ? figure : wrong.join("; "));
    }
  },
};
