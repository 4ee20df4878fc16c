// The four files of a run as text: the command line writes them, the page exports them. Times in decimal seconds with full precision.
// Everything comes in chunks, so that a million requests never stand in memory as one string.
import { ReplicaState, STATUS_NAMES } from "../engine/contracts.ts";
import type { FleetSamples, RequestLog, Summary } from "../engine/metrics/results.ts";
import { decimal } from "./decimal.ts";
import { canonicalJson, hashScenario } from "./hash.ts";
import { normalise } from "./normalise.ts";
import type { Scenario } from "./types.ts";
import { ENGINE_VERSION } from "./version.ts";

/** What a run leaves behind. */
export interface RunResults {
  readonly scenario: Scenario;
  readonly summary: Summary;
  readonly fleet: FleetSamples;
  /** Ended requests; null when the run did not keep them (then there is no requests.csv). */
  readonly requests: RequestLog | null;
  /** By tenant index; a trace's own names where it has some. */
  readonly tenants: readonly string[];
}

export interface RunFile {
  readonly name: "summary.json" | "requests.csv" | "replicas.csv" | "fleet.csv";
  /** The text, in order; may be asked for more than once. */
  readonly chunks: () => Iterable<string>;
}

const ROWS_PER_CHUNK = 4096;

/** A field of a CSV file, quoted where it must be (RFC 4180). */
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function* inChunks(header: string, rows: Iterable<string>): Generator<string> {
  let chunk = `${header}\n`;
  let count = 0;
  for (const row of rows) {
    chunk += `${row}\n`;
    if (++count % ROWS_PER_CHUNK === 0) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}

/** Rows of the log by request id, which is the order of arrival. */
function byId(log: RequestLog): Int32Array {
  const order = new Int32Array(log.length);
  for (let row = 0; row < log.length; row++) order[row] = row;
  return order.sort((a, b) => log.id[a]! - log.id[b]!);
}

function* requestRows(log: RequestLog, tenants: readonly string[], fleet: FleetSamples): Generator<string> {
  const tenantFields = tenants.map(field);
  const poolFields = fleet.pools.map((pool) => field(pool.name));
  const replicaFields = fleet.replicas.map((replica) => field(replica.name));
  for (const row of byId(log)) {
    const columns = [
      log.id[row]!,
      tenantFields[log.tenant[row]!] ?? "",
      decimal(log.arrivedAt[row]!),
      log.promptTokens[row]!,
      log.outputTokens[row]!,
      poolFields[log.pool[row]!] ?? "",
      replicaFields[log.replica[row]!] ?? "",
      STATUS_NAMES[log.status[row]!] ?? "",
      decimal(log.scheduledAt[row]!),
      decimal(log.firstTokenAt[row]!),
      decimal(log.finishedAt[row]!),
      log.preemptions[row]!,
      log.cachedTokens[row]!,
    ];
    yield columns.join(",");
  }
}

/** One row per sample and replica that stands in the fleet then; replicas that failed or are gone have none. */
function* replicaRows(fleet: FleetSamples): Generator<string> {
  for (let sample = 0; sample < fleet.length; sample++) {
    const t = decimal(sample * fleet.sampleSeconds);
    for (const replica of fleet.replicas) {
      const i = sample - replica.from;
      const state = replica.state[i];
      if (i < 0 || state === undefined || state === ReplicaState.gone || state === ReplicaState.failed) continue;
      const running = replica.decoding[i]! + replica.prefilling[i]!;
      const busy = decimal(Number(replica.busy[i]!.toPrecision(7)));
      const pool = field(fleet.pools[replica.pool]?.name ?? "");
      yield `${t},${pool},${field(replica.name)},${running},${replica.waiting[i]!},${replica.kvUsedBlocks[i]!},${replica.kvBlocks},${busy}`;
    }
  }
}

function* fleetRows(fleet: FleetSamples): Generator<string> {
  for (let sample = 0; sample < fleet.length; sample++) {
    const t = decimal(sample * fleet.sampleSeconds);
    for (const pool of fleet.pools)
      yield `${t},${field(pool.name)},${pool.ready[sample]!},${pool.starting[sample]!},${pool.draining[sample]!},${decimal(pool.costPerHour[sample]!)}`;
  }
}

/** summary.json: the results, then what they are the results of. */
export function summaryText(scenario: Scenario, summary: Summary): string {
  // Keys in one order, however the scenario came about: the page and the command line write the same bytes.
  const plain = JSON.parse(canonicalJson(normalise(scenario))) as Scenario;
  return `${JSON.stringify({ ...summary, scenario: plain, scenarioHash: hashScenario(plain), engineVersion: ENGINE_VERSION }, null, 2)}\n`;
}

export function runFiles({ scenario, summary, fleet, requests, tenants }: RunResults): readonly RunFile[] {
  const files: RunFile[] = [{ name: "summary.json", chunks: () => [summaryText(scenario, summary)] }];
  if (requests !== null)
    files.push({
      name: "requests.csv",
      chunks: () =>
        inChunks(
          "id,tenant,arrived_at,prompt_tokens,output_tokens,pool,replica,status,scheduled_at,first_token_at,finished_at,preemptions,cached_tokens",
          requestRows(requests, tenants, fleet),
        ),
    });
  files.push({
    name: "replicas.csv",
    chunks: () => inChunks("t,pool,replica,running,waiting,kv_used_blocks,kv_blocks,busy", replicaRows(fleet)),
  });
  files.push({ name: "fleet.csv", chunks: () => inChunks("t,pool,ready,starting,draining,cost_per_hour", fleetRows(fleet)) });
  return files;
}
