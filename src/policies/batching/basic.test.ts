import { expect, test } from "vitest";
import { basicBatching } from "./basic.ts";
import { batching } from "./index.ts";

test("all replica schedulers that share prefixes are always there", () => {
  for (const scheduler of batching) if (scheduler.sharesPrefixes === true) expect(basicBatching).toContain(scheduler);
});
