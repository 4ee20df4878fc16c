// Conversations of several turns: each turn sends the whole history again, answers included, after a pause for thought.
import { drawExponential } from "../../engine/kernel/math.ts";
import { integer, number } from "../../engine/params.ts";
import { newContext } from "../presets/turns.ts";
import { CONTENT_BLOCK } from "./content.ts";
import { defineLengths, wholeTokens } from "./types.ts";

export const conversations = defineLengths({
  id: "conversations",
  label: "Conversations (with content)",
  help: "Sessions of several turns: arrivals begin sessions, and each further turn comes when the last answer has ended and the user has thought. A turn sends the whole history and something new; all begin with one of a few system prompts.",
  params: {
    turns: number(5, "Mean turns of a session (geometric).", { min: 1, max: 1000, step: 0.5 }),
    thinkSeconds: number(20, "Mean pause of a user (exponential).", { label: "Think time", min: 0, max: 100000, unit: "s" }),
    systemTokens: integer(512, "Tokens of a system prompt.", { label: "System prompt", min: 0, max: 1000000, unit: "tok" }),
    systemPrompts: integer(4, "Different system prompts.", { min: 1, max: 1000000, scale: "log" }),
    userTokens: integer(120, "Mean tokens of what a user writes (exponential).", {
      label: "User",
      min: 1,
      max: 1000000,
      unit: "tok",
      scale: "log",
    }),
    answerTokens: integer(250, "Mean tokens of an answer (exponential).", {
      label: "Answer",
      min: 1,
      max: 1000000,
      unit: "tok",
      scale: "log",
    }),
    largest: integer(32768, "Tokens of a prompt at which a session begins anew, with its system prompt alone.", {
      label: "Longest",
      min: 16,
      max: 1048576,
      unit: "tok",
      scale: "log",
    }),
  },
  create: ({ turns, thinkSeconds, systemTokens, systemPrompts, userTokens, answerTokens, largest }, { random }) => {
    const drawn = (mean: number): number => wholeTokens(mean * drawExponential(random));
    return {
      fill: (into) => {
        into.promptTokens = systemTokens + drawn(userTokens);
        into.outputTokens = drawn(answerTokens);
      },
      turns: {
        blockTokens: CONTENT_BLOCK,
        meanTurns: turns,
        largest: largest + 65536,
        keepsAnswers: true,
        shared: { blocks: Math.floor(systemTokens / CONTENT_BLOCK), kinds: systemPrompts },
        turns: () => {
          let count = 1;
          while (random.uniform() * turns >= 1) count++;
          return count;
        },
        prompt: (state, slot, first) => {
          const added = drawn(userTokens);
          const next = state.prompt[slot]! + state.output[slot]! + added;
          if (!first && next <= largest) return next;
          newContext(state, slot);
          return Math.min(systemTokens + added, largest + 32768);
        },
        output: () => Math.min(drawn(answerTokens), 32768),
        think: () => thinkSeconds * drawExponential(random),
      },
    };
  },
});
