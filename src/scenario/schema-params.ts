// Zod schemas made from parameter descriptors: one branch per policy, so that errors and the JSON Schema name every parameter.
import * as z from "zod";
import type { Param, Params } from "../engine/params.ts";
import type { Described } from "./registries.ts";
import { shown, wanted } from "./messages.ts";
import type { NumberRule } from "./messages.ts";
import { hint } from "./suggest.ts";

interface Issue {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly keys?: readonly string[];
}

/** A number within limits; every failure says the value, the limit and what would do. */
export function numberOf(rule: NumberRule): z.ZodNumber {
  const give = `Give ${wanted(rule)}.`;
  const wrong = (issue: Issue): string =>
    issue.input === undefined ? `is missing. ${give}` : `${shown(issue.input)} is not a number. ${give}`;
  const schema = z
    .number({ error: wrong })
    .min(rule.min, { error: (issue) => `${shown(issue.input)} is below the limit ${shown(rule.min)}. ${give}` })
    .max(rule.max, { error: (issue) => `${shown(issue.input)} is above the limit ${shown(rule.max)}. ${give}` });
  return rule.integer === true ? schema.int({ error: (issue) => `${shown(issue.input)} is not a whole number. ${give}` }) : schema;
}

/** A text of 1 to 80 characters. */
export function textOf(what: string, maxLength = 80): z.ZodString {
  const give = `Give ${what} of 1 to ${maxLength} characters.`;
  return z
    .string({ error: (issue) => (issue.input === undefined ? `is missing. ${give}` : `${shown(issue.input)} is not a text. ${give}`) })
    .min(1, { error: `"" is empty. ${give}` })
    .max(maxLength, { error: (issue) => `${shown(issue.input)} is too long. ${give}` });
}

/** The SHA-256 by which a scenario names a file. */
export function hashOf(): z.ZodString {
  const wrong = (issue: Issue): string => `${shown(issue.input)} is not a SHA-256. Give its 64 hexadecimal digits.`;
  return z.string({ error: wrong }).regex(/^[0-9a-f]{64}$/, { error: wrong });
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T, what: string): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(words, {
    error: (issue) =>
      issue.input === undefined
        ? `is missing. Give one of ${words.join(", ")}.`
        : `Unknown ${what} ${shown(issue.input)}.${typeof issue.input === "string" ? hint(issue.input, words) : ` Known: ${words.join(", ")}.`}`,
  });
}

/** The id of something in a list; the list stays out of the JSON Schema's branches but its ids are in it. */
export function idOf(list: readonly { readonly id: string }[], what: string): z.ZodEnum<Record<string, string>> {
  return oneOf(
    list.map((entry) => entry.id),
    what,
  ) as unknown as z.ZodEnum<Record<string, string>>;
}

/** An object that names its unknown fields. */
export function objectOf<Shape extends z.ZodRawShape>(shape: Shape, what: string): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue: Issue) => {
      if (issue.code === "unrecognized_keys")
        return (issue.keys ?? []).map((key) => `Unknown ${what} "${key}".${hint(key, known)}`).join(" ");
      return issue.input === undefined
        ? `is missing. Give an object with ${known.join(", ")}.`
        : `${shown(issue.input)} is not an object. Give an object with ${known.join(", ")}.`;
    },
  });
}

export function listOf<T extends z.ZodType>(item: T, what: string, min: number, max: number): z.ZodArray<T> {
  return z
    .array(item, { error: (issue) => `${shown(issue.input)} is not a list. Give a list of ${what}.` })
    .min(min, { error: `The list is empty. Give at least ${min} of ${what}.` })
    .max(max, { error: (issue) => `There are ${(issue.input as unknown[]).length} entries. Give at most ${max} of ${what}.` });
}

function paramOf(param: Param): z.ZodType {
  const about = { description: param.help, default: param.default };
  switch (param.kind) {
    case "number":
      return numberOf(param).meta({ ...about, ...(param.unit === undefined ? {} : { unit: param.unit }) });
    case "flag":
      return z.boolean({ error: (issue) => `${shown(issue.input)} is not a yes or no. Give true or false.` }).meta(about);
    case "choice":
      return oneOf(
        param.options.map((option) => option.id),
        "option",
      ).meta(about);
    case "table": {
      const columns = param.columns.map((column) => column.id).join(", ");
      const cells = param.columns.map((column) => numberOf(column));
      const row = z.tuple(cells as [z.ZodNumber, ...z.ZodNumber[]], {
        error: (issue) => `${shown(issue.input)} is not a row. Give ${param.columns.length} numbers: ${columns}.`,
      });
      return listOf(row, `rows of ${columns}`, 1, 10000).meta(about);
    }
    case "profile":
      return objectOf({ hash: hashOf(), file: textOf("a file name", 255) }, "field of a profile")
        .nullable()
        .meta(about);
  }
}

export const paramsOf = (params: Params, owner: string): z.ZodType =>
  objectOf(Object.fromEntries(Object.entries(params).map(([key, param]) => [key, paramOf(param).optional()])), `parameter of ${owner}`);

/** A choice from a list: its id, and parameters that fit that entry's descriptors. */
export function choiceOf(list: readonly Described[], what: string): z.ZodType {
  const ids = list.map((entry) => entry.id);
  const branches = list.map((entry) =>
    objectOf(
      {
        id: z.literal(entry.id).meta({ title: entry.label, description: entry.help }),
        params: paramsOf(entry.params, entry.id).optional(),
      },
      "field",
    ),
  );
  return z.discriminatedUnion("id", branches as unknown as readonly [z.ZodObject<{ id: z.ZodLiteral<string> }>], {
    error: (issue: Issue) => {
      const id = (issue.input as { id?: unknown } | null | undefined)?.id;
      if (typeof issue.input !== "object" || issue.input === null || Array.isArray(issue.input))
        return `${issue.input === undefined ? "is missing" : `${shown(issue.input)} is not a choice`}. Give an object such as {"id": "${ids[0] ?? ""}"}.`;
      if (id === undefined) return `is missing. Give one of ${ids.join(", ")}.`;
      return `Unknown ${what} ${shown(id)}.${typeof id === "string" ? hint(id, ids) : ` Known: ${ids.join(", ")}.`}`;
    },
  });
}
