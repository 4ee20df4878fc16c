// Lengths that depend on the tenant alone.
import { table } from "../../engine/params.ts";
import { defineLengths } from "./types.ts";

export const tenantLengths = defineLengths({
  id: "tenant-lengths",
  label: "Fixed by tenant",
  help: "All requests of a tenant are alike; tenants beyond the last row are like its last.",
  params: {
    lengths: table(
      [
        [64, 64],
        [256, 256],
      ],
      [
        { id: "prompt", label: "Prompt", unit: "tok", min: 1, max: 10_000_000 },
        { id: "output", label: "Output", unit: "tok", min: 1, max: 10_000_000 },
      ],
      "Prompt and output tokens, a row per tenant.",
    ),
  },
  create: ({ lengths }) => ({
    fill: (into) => {
      const [prompt, output] = lengths[Math.min(into.tenant ?? 0, lengths.length - 1)]!;
      into.promptTokens = Math.round(prompt!);
      into.outputTokens = Math.round(output!);
    },
  }),
});
