// The arrival processes and length laws. To add one: its file, a line in arrivals.ts or here, and its parameters appear in the form, the schema, the link
// and the help.
import { basicLengths } from "./basic.ts";
import { conversationPieces } from "./conversation-pieces.ts";
import { conversations } from "./conversations.ts";
import { sharedPrefixes } from "./shared-prefixes.ts";
import type { LengthDefinition } from "./types.ts";
import { registry } from "../../engine/registry.ts";

export { arrivals } from "./arrivals.ts";

export const lengths: readonly LengthDefinition[] = registry("length law", [
  ...basicLengths,
  sharedPrefixes,
  conversations,
  conversationPieces,
]);
