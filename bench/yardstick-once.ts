// One measurement of the yardstick, alone in its process: node yardstick-once.mjs <requests> <replicas>. Prints one line of JSON.
import { runYardstick, yardstickRequests } from "./yardstick.ts";

const [count = 1_000_000, replicas = 16] = process.argv.slice(2).map(Number);
process.stdout.write(`${JSON.stringify(runYardstick(yardstickRequests(count, replicas, 0.7), replicas))}\n`);
