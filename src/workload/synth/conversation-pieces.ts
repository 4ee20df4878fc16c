// Prompts as Ray's prefix routing benchmark makes them from ShareGPT: pieces of conversations, each the first few messages of one, in random order. Those
// of one conversation begin alike; a shorter one is the beginning of a longer one.
import { ChainHash } from "../../engine/kv/chain-hash.ts";
import { drawExponential } from "../../engine/kernel/math.ts";
import { integer } from "../../engine/params.ts";
import { CONTENT_BLOCK, contentIds } from "./content.ts";
import { defineLengths, wholeTokens } from "./types.ts";

export const conversationPieces = defineLengths({
  id: "conversation-pieces",
  label: "Pieces of conversations (with content)",
  help: "A list of prompts, each the first messages of a conversation, shuffled and sent over and over: about three of each conversation, as in Ray's prefix routing benchmark on ShareGPT (whose file cuts conversations at 2,048 tokens). Outputs are uniform.",
  params: {
    prompts: integer(1000, "Prompts in the list.", { min: 1, max: 1000000, scale: "log" }),
    conversations: integer(333, "Conversations that they are taken from.", {
      label: "Taken from",
      unit: "conv",
      min: 1,
      max: 1000000,
      scale: "log",
    }),
    promptMin: integer(1500, "Shortest piece.", { label: "Shortest", min: 1, max: 1000000, unit: "tok", scale: "log" }),
    promptMax: integer(2048, "Tokens at which a conversation ends.", { label: "Longest", min: 1, max: 1000000, unit: "tok", scale: "log" }),
    messageTokens: integer(90, "Mean tokens of a message.", { label: "Message", min: 1, max: 100000, unit: "tok", scale: "log" }),
    outputMin: integer(10, "Shortest output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
    outputMax: integer(200, "Longest output.", { min: 1, max: 10000000, unit: "tok", scale: "log" }),
  },
  create: ({ prompts, conversations, promptMin, promptMax, messageTokens, outputMin, outputMax }, { random }) => {
    const longest = Math.max(promptMin, promptMax);
    const content = contentIds(longest);
    const chain = new ChainHash();
    const state = {
      taken: 0,
      content,
      /** The list: conversation and tokens of each prompt. Empty until the first request. */
      conversation: new Int32Array(0),
      tokens: new Int32Array(0),
    };
    const pieces = (): [conversation: number, tokens: number][] => {
      const all: [number, number][] = [];
      for (let conversation = 0; conversation < conversations; conversation++) {
        const before = all.length;
        for (let tokens = 0; tokens < longest;) {
          tokens += wholeTokens(messageTokens * drawExponential(random));
          if (tokens >= promptMin && tokens <= longest) all.push([conversation, tokens]);
        }
        // One message went over the whole window.
        if (all.length === before) all.push([conversation, longest]);
      }
      return all;
    };
    const prepare = (): void => {
      const all = pieces();
      for (let i = all.length - 1; i > 0; i--) {
        const other = random.below(i + 1);
        [all[i], all[other]] = [all[other]!, all[i]!];
      }
      const kept = all.slice(0, prompts);
      state.conversation = Int32Array.from(kept, ([conversation]) => conversation);
      state.tokens = Int32Array.from(kept, ([, tokens]) => tokens);
    };
    return {
      state,
      content,
      fill: (into) => {
        if (state.tokens.length === 0) prepare();
        const place = state.taken++ % state.tokens.length;
        const conversation = state.conversation[place]!;
        const tokens = state.tokens[place]!;
        into.promptTokens = tokens;
        into.outputTokens = outputMin + random.below(Math.max(1, outputMax - outputMin + 1));
        const full = Math.floor(tokens / CONTENT_BLOCK);
        content.count = Math.ceil(tokens / CONTENT_BLOCK);
        for (let i = 0; i < content.count; i++) {
          chain.begin();
          chain.add(conversation);
          chain.add(i);
          // A block that the piece ends in is another one where the conversation goes on.
          if (i >= full) chain.add(tokens);
          content.ids[i] = chain.lo;
        }
      },
    };
  },
});
