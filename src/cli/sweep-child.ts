// A process of goodput sweep: one run after another, as a sweep worker of the page does. The first message is the trace, each later one a scenario.
import { createSweepRunner } from "../analysis/sweep-host.ts";
import type { Scenario } from "../scenario/types.ts";
import type { Trace } from "../workload/types.ts";

export type ChildMessage = { readonly trace: Trace | null } | { readonly scenario: Scenario };

const runner = createSweepRunner();

process.on("message", (message: ChildMessage) => {
  if ("trace" in message) runner.useTrace(message.trace);
  else void runner.run(message.scenario).then((answer) => process.send?.(answer));
});
