// A process of goodput sweep: one run after another, as a sweep worker of the page does. The first message holds the files, each later one a scenario.
import { createSweepRunner } from "../analysis/sweep-host.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import type { Scenario } from "../scenario/types.ts";

export type ChildMessage = { readonly files: SweepFiles } | { readonly scenario: Scenario };

const runner = createSweepRunner();
let ready: Promise<void> = Promise.resolve();

process.on("message", (message: ChildMessage) => {
  if ("files" in message) ready = runner.useFiles(message.files);
  else void ready.then(() => runner.run(message.scenario)).then((answer) => process.send?.(answer));
});
