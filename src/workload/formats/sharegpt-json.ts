// ShareGPT conversations: text of each turn, no times and no token counts.
import { at, isObject, keyText, member } from "./json-lines.ts";
import type { JsonParser, TraceFormat } from "./types.ts";

/** Rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4;

const HUMAN = new Set(["human", "user", "system"]);

const textOf = (turn: unknown): string => keyText(member(turn, "value") ?? member(turn, "content"));
const estimate = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

export const sharegptJson: TraceFormat = {
  id: "sharegpt-json",
  label: "ShareGPT conversations",
  help: "A JSON list of conversations: each answer is a request whose prompt is all that was said before. Tokens are estimated (4 characters), requests are one second apart.",
  detect: ({ first, keys }) => (first === "[" || first === "{") && keys.has("conversations") && (keys.has("from") || keys.has("role")),
  open: (builder, { first }): JsonParser => {
    builder.timeless();
    let conversations = 0;
    return {
      kind: "json",
      paths: first === "[" ? [["*"]] : [[]],
      value: (_path, value, line) => {
        const turns = at(value, "conversations");
        if (!isObject(value) || !Array.isArray(turns)) return builder.refuse(isObject(value) ? "missing-field" : "bad-json", line);
        const key = String(conversations++);
        let context = 0;
        for (const turn of turns as unknown[]) {
          const characters = textOf(turn).length;
          const from = keyText(member(turn, "from") ?? member(turn, "role"));
          if (!HUMAN.has(from) && context > 0 && characters > 0) {
            if (builder.add(0, estimate(context), estimate(characters), line)) builder.session(key);
          }
          context += characters;
        }
      },
      end: () => {
        if (builder.accepted === 0) return;
        builder.noteFile("tokens-estimated", builder.accepted);
        builder.noteFile("no-arrival-times", builder.accepted);
      },
    };
  },
};
