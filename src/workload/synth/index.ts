// The arrival processes and length laws. To add one: its file, a line here, and its parameters appear in the form, the schema, the link
// and the help.
import { basicArrivals } from "./arrivals.ts";
import { basicLengths } from "./basic.ts";
import { conversationPieces } from "./conversation-pieces.ts";
import { conversations } from "./conversations.ts";
import { sharedPrefixes } from "./shared-prefixes.ts";
import { tenantLengths } from "./tenant-lengths.ts";
import { tenantRates } from "./tenant-rates.ts";
import type { ArrivalDefinition, LengthDefinition } from "./types.ts";
import { registry } from "../../engine/registry.ts";

export const arrivals: readonly ArrivalDefinition[] = registry("arrival process", [...basicArrivals, tenantRates]);

export const lengths: readonly LengthDefinition[] = registry("length law", [
  ...basicLengths,
  sharedPrefixes,
  conversations,
  conversationPieces,
  tenantLengths,
]);
