// A process of a pool: one run after another, as a sweep worker of the page does. The first message holds the files, each later one a run.
import { createSweepRunner } from "../analysis/sweep-host.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import type { Measure, MeasuredAnswer } from "../analysis/types.ts";
import type { Scenario } from "../scenario/types.ts";

export type ChildMessage =
  { readonly files: SweepFiles } | { readonly id: number; readonly scenario: Scenario; readonly measure?: Measure };

/** `defect`: what was thrown that no scenario is to blame for. */
export type ChildAnswer = { readonly id: number } & ({ readonly answer: MeasuredAnswer } | { readonly defect: string });

const runner = createSweepRunner();
let ready: Promise<void> = Promise.resolve();

// An interrupt of the terminal reaches every process; the parent decides, and ends this one by closing the channel.
process.on("SIGINT", () => undefined);

process.on("message", (message: ChildMessage) => {
  if ("files" in message) {
    ready = runner.useFiles(message.files);
    return;
  }
  const { id, scenario, measure } = message;
  const tell = (answer: ChildAnswer): void => void process.send?.(answer);
  // In the order in which they came: one run at a time.
  ready = ready
    .then(() => runner.run(scenario, measure))
    .then((answer) => tell({ id, answer }))
    .catch((error: unknown) => tell({ id, defect: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
});
