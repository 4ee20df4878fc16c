// What prefix caching and routing by prefix cost: the same traffic with both and with neither. Options: --requests N, --replicas N, --runs N.
import { parseArgs } from "node:util";
import type { PrefixMeasurement, PrefixOrder } from "./prefix-once.ts";
import { median, once, prepare, rounded, say, wholeNumber } from "./processes.ts";

export async function prefixBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string", default: "1000000" },
      replicas: { type: "string", default: "16" },
      runs: { type: "string", default: "3" },
    },
  });
  const requests = wholeNumber("--requests", values.requests, 1000);
  const replicas = wholeNumber("--replicas", values.replicas, 1);
  const runs = wholeNumber("--runs", values.runs, 1);
  const script = await prepare("prefix-once");
  const without: PrefixMeasurement[] = [];
  const withBoth: PrefixMeasurement[] = [];
  for (let i = 0; i < runs; i++) {
    for (const prefixes of [false, true]) {
      say(`run ${i + 1} of ${runs}, ${prefixes ? "with" : "without"} prefixes`);
      const order: PrefixOrder = { requests, replicas, prefixes };
      (prefixes ? withBoth : without).push(await once<PrefixMeasurement>(script, [JSON.stringify(order)]));
    }
  }
  const seconds = (list: readonly PrefixMeasurement[]): number => median(list.map(({ cpuSeconds }) => cpuSeconds));
  process.stdout.write(
    `${JSON.stringify({
      requests,
      replicas,
      cpuSeconds: rounded(seconds(without)),
      cpuSecondsWithPrefixes: rounded(seconds(withBoth)),
      times: rounded(seconds(withBoth) / seconds(without)),
      hitRate: rounded(withBoth[0]!.hitRate),
      memory: withBoth[0]!.memory,
    })}\n`,
  );
}
