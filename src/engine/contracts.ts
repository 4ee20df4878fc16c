// The interfaces that policies, latency models, traffic sources and recorders implement. Plug-in authors need only this file and params.ts.
//
// A request is known by its *slot*: a small number, reused after the request ends. Facts about it stand in the columns of RequestTable.
// A replica is known by its *index*: 0, 1, 2, ... in the order of creation, never reused.
// Everything that a policy remembers lives in its `state` object (plain data, typed arrays, Map, Set), so that a run can be saved and resumed.
import type { Params, Values } from "./params.ts";
import type { Random } from "./kernel/random.ts";

export const NO_SLOT = -1;

/** Facts about requests by slot. Arrays are replaced when they grow: read `requests.left[slot]`, never keep an array. */
export interface RequestTable {
  /** Position in the arrival order, from 0. */
  readonly id: Int32Array;
  /** Arrival at the fleet, seconds. */
  readonly arrivedAt: Float64Array;
  readonly promptTokens: Int32Array;
  /** True output length, tokens. A policy that uses it is an oracle and must say so in its help text. */
  readonly outputTokens: Int32Array;
  readonly tenant: Int32Array;
  readonly sloClass: Int32Array;
  /** Conversation, or -1. */
  readonly session: Int32Array;
  /** 1 when admission has downgraded the request to best effort. */
  readonly bestEffort: Int32Array;
  /** Prompt tokens to compute in this life: the prompt, plus produced tokens after a preemption by recomputation. */
  readonly target: Int32Array;
  /** Of `target`, tokens already in the KV cache (chunks done, cached prefix, transferred). */
  readonly computed: Int32Array;
  /** Output tokens still to be produced, the one that ends the prefill included. Current only at iteration boundaries of its replica for prefilling requests. */
  readonly left: Int32Array;
  /** Prompt tokens found in a prefix cache. */
  readonly cachedTokens: Int32Array;
  readonly preemptions: Int32Array;
  /** Replica that holds the request, or -1. */
  readonly replica: Int32Array;
  /** Prompt tokens that the router expected to be cached where it sent the request; -1 when it said nothing. */
  readonly predictedTokens: Int32Array;
  /** Seconds; NaN until it happens. */
  readonly scheduledAt: Float64Array;
  readonly firstTokenAt: Float64Array;
}

/** Load of replicas by index, as a router, admission rule or autoscaler sees it: live, or as old as the scenario's staleness says. */
export interface LoadColumns {
  /** Time of this view, seconds; equals `now` when live. */
  readonly at: number;
  /** Requests sent to the replica and not finished: waiting and running. */
  readonly outstanding: ArrayLike<number>;
  /** Of those, requests that have no KV blocks yet. */
  readonly waiting: ArrayLike<number>;
  /** Prompt and output tokens of the outstanding requests (true lengths, not reduced while they are computed). */
  readonly outstandingTokens: ArrayLike<number>;
}

/** Content of prompts: hashes of blocks, as far as the source of the traffic gives them. */
export interface PromptContent {
  /** Prompt tokens per hash; 0 when the traffic has none. */
  readonly blockTokens: number;
  /** Hashes of a request's blocks in the order of the sequence. Valid during the call; beyond `countOf` they are of its output, or of nothing. */
  idsOf(slot: number): Int32Array;
  /** Hashes of the prompt. The last one may be of a block that is partly filled. 0: nothing is known. */
  countOf(slot: number): number;
}

/** What fleet-level policies see. Read-only, valid only during the call. */
export interface FleetView {
  readonly now: number;
  readonly requests: RequestTable;
  /** Replicas that may take the request being decided, ascending: ready, not draining, of a pool whose role fits. `candidateCount` of them are valid. */
  readonly candidates: Int32Array;
  readonly candidateCount: number;
  readonly load: LoadColumns;
  /** Pool of a replica. */
  poolOf(replica: number): number;
  /** KV blocks in use and in total, settled to now. */
  kvUsedBlocks(replica: number): number;
  kvBlocks(replica: number): number;
  /** Tokens of a KV block there. */
  blockSizeOf(replica: number): number;
  /** What prompts are made of: filled for routers that say `readsContent`. */
  readonly content: PromptContent;
  /** Tokens of the request being decided that the router expects to be cached where it sends it: recorded beside what is found there. */
  predict(tokens: number): void;
  /** Requests held at the router. */
  readonly heldCount: number;
  /** Ask to be called again at this time (seconds) for requests that wait or are held. */
  lookAgainAt(time: number): void;
}

/** What every policy is created with. */
export interface PolicyContext {
  /** Named random streams of the policy: changing the policy never changes the traffic. */
  random(name: string): Random;
  readonly tenantCount: number;
  readonly tenantWeights: readonly number[];
}

export interface Policy {
  /** All that the policy remembers, as structured-cloneable data. Leave out when it remembers nothing. */
  readonly state?: object;
}

// Routing ------------------------------------------------------------------------------------------------------------

/** Answers of a router that are not a replica index. */
export const WAIT = -1;
export const REFUSE = -2;

/** Sends requests to replicas. May hold one back (WAIT): it is offered again when a request finishes, a replica joins, or at `fleet.lookAgainAt`. */
export interface Router extends Policy {
  /** Asks for `fleet.content`. */
  readonly readsContent?: boolean;
  /** A replica among the candidates, or WAIT, or REFUSE. */
  route(slot: number, fleet: FleetView): number;
  placed?(slot: number, replica: number, fleet: FleetView): void;
  finished?(slot: number, replica: number, fleet: FleetView): void;
  replicaAdded?(replica: number): void;
  replicaRemoved?(replica: number): void;
  /** Names of the numbers that `judge` gives. */
  readonly judges?: readonly string[];
  /** What the router thinks of a candidate for the request being decided: writes a number for each name of `judges`. Asked only by runs that explain; changes nothing. */
  judge?(slot: number, replica: number, fleet: FleetView, into: Float64Array): void;
  /** What its memory holds, for people: name and number. */
  memory?(): Readonly<Record<string, number>>;
  /**
   * A replica with prefix caching holds a KV block under this name (64 bits: src/engine/kv/names.ts), or holds it no more. What decodes
   * have evicted is told with the replica's next event, or before the next decision.
   */
  kvEvent?(replica: number, stored: boolean, hi: number, lo: number, now: number): void;
  /** Which ready replica of the pool is to drain when none is idle. Left out: the one with the fewest outstanding requests. */
  release?(pool: PoolView): number;
}

// Admission ----------------------------------------------------------------------------------------------------------

export const Verdict = { accept: 0, refuse: 1, downgrade: 2, hold: 3 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Decides at the door, before routing. `hold` keeps the request until `fleet.lookAgainAt` or the next finish, then asks again. */
export interface Admission extends Policy {
  admit(slot: number, fleet: FleetView): Verdict;
  finished?(slot: number, fleet: FleetView): void;
}

// Autoscaling --------------------------------------------------------------------------------------------------------

/** One pool, as its autoscaler sees it. */
export interface PoolView {
  readonly now: number;
  readonly index: number;
  readonly ready: number;
  /** Scale-ups ordered and not ready yet (replacements of crashed replicas included). */
  readonly starting: number;
  /** Scale-downs begun and not done: these replicas finish what they have. */
  readonly draining: number;
  /** Scale-downs ordered and not begun: the pool's scale-down delay is not over. */
  readonly leaving: number;
  /** What the pool will have when every order is carried out: ready + starting - leaving. A target is compared with this. */
  readonly ordered: number;
  /** Limits of `ordered`: answers beyond them are cut. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Seconds from an order until the replica is ready. */
  readonly startupSeconds: number;
  readonly requests: RequestTable;
  readonly load: LoadColumns;
  /** Ready replicas of this pool, ascending. */
  readonly replicas: Int32Array;
  readonly replicaCount: number;
  readonly heldCount: number;
  /** New tokens of all iterations that have ended in this pool. Counted only for policies that say `countsTokens`. */
  tokensDone(): number;
  /** Seconds in which replicas of this pool ran an iteration: of all that there ever were, or of one. */
  busySeconds(replica?: number): number;
  /** Names a number that this answer rests on. What is named in a tick that changes the fleet is recorded with the decision, as its reason. */
  because(name: string, value: number): void;
}

/**
 * Changes the number of replicas. A positive answer starts replicas (ready after the pool's start-up delay). A negative one, after the pool's
 * scale-down delay, drains: an idle replica first, else the router's choice. Any answer is safe: fractions are cut, what is no number counts as 0,
 * the number ordered stays within the pool's limits, and the last ready replica is never drained.
 */
export interface Autoscaler extends Policy {
  /** Seconds between ticks, at least 0.1; Infinity for none. The first tick is at 0. */
  readonly tickSeconds: number;
  /** Asks for `PoolView.tokensDone`. */
  readonly countsTokens?: boolean;
  tick?(pool: PoolView): number;
  /** Every request that arrives at the fleet, whichever pool will serve it. */
  arrived?(slot: number, pool: PoolView): void;
  /** Called for every iteration that ends; a policy that has this is never leapt over. Tokens are the new tokens of the batch. */
  batchEnded?(replica: number, tokens: number, startedAt: number, endedAt: number): void;
}

// Batching (replica scheduler) ---------------------------------------------------------------------------------------

/**
 * One lane of a replica at an iteration boundary: what a replica scheduler sees, and how it says what the next iteration holds.
 * A replica with S pipeline stages has S lanes (micro-batches in flight) that share the waiting queue and the KV cache.
 * Decoding requests form a group that persists: `decode()` puts all of them into the batch, at a cost that does not depend on their number.
 */
export interface LaneControl {
  readonly now: number;
  readonly requests: RequestTable;
  readonly lanes: number;
  /** This lane among them, from 0. */
  readonly index: number;
  /** Requests in the waiting queue of the replica. */
  readonly waitingCount: number;
  /** Whether requests may come with nothing to compute: the replica decodes what others have prefilled. */
  readonly receives: boolean;
  /** The one of them that comes in next: who waits longest, or whoever the replica's order of the queue names. There must be one. */
  nextWaiting(): number;
  /** KV cache of the replica, blocks. */
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  /**
   * Free blocks that a waiting request needs for its prompt. With prefix caching, blocks found that are in use do not count, and `requests.computed` of the
   * request says from now on what is found.
   */
  blocksNeeded(slot: number): number;
  /** Requests that hold blocks, on the whole replica. */
  readonly holders: number;
  /** Decoding requests of this lane. */
  readonly decodeCount: number;
  /** Requests of this lane with part of the prompt still to compute, in arrival order. */
  readonly prefillCount: number;
  prefillAt(position: number): number;
  /** Blocks that decode() would take now: one for each decoding request whose next token starts a block. */
  readonly decodeGrowth: number;
  /** Decoding and prefilling requests of this lane in arrival order. Costs a sort: only for the moment when blocks run out. */
  membersByArrival(): readonly number[];
  /** Whether the request would take a block in decode(). */
  startsBlock(slot: number): boolean;
  /** Whether the request is decoding (and not prefilling). */
  isDecoding(slot: number): boolean;
  /** Tokens of a request of this lane in the KV cache. */
  contextOf(slot: number): number;
  /** Output tokens that a request of this lane or of the queue is still to produce, the one that ends a prefill included. A policy that uses it is an oracle. */
  leftOf(slot: number): number;
  /** Decode iterations that this lane has run: for policies that count them, though they are not asked about each. */
  readonly decodeIterations: number;

  // Actions
  /**
   * Takes a request out of the waiting queue and reserves blocks for its prompt. A request with nothing to compute (transferred KV) joins the decoding group.
   * `reserve`: blocks that it holds instead, from now until it ends or is preempted, so that none of its decodes takes one. They must hold all its tokens.
   */
  admit(slot: number, reserve?: number): void;
  /** Puts `tokens` of the request's prompt into the batch. */
  chunk(slot: number, tokens: number): void;
  /** Puts every decoding request into the batch. Needs decodeGrowth <= freeBlocks. */
  decode(): void;
  /**
   * Frees the request's blocks and puts it at the head of the waiting queue; all it has computed is computed again.
   * `asVidur`: a request in the middle of its prompt takes the computed part for its prompt and the rest for output to produce, as Vidur has it.
   */
  preempt(slot: number, asVidur?: boolean): void;
  /** Takes a request out of the decoding group, keeping its blocks, or puts it back. */
  pause(slot: number): void;
  resume(slot: number): void;
  /** Of the decoding requests of this lane and those of the replica's other lanes that are in no batch now, puts the `most` that arrived first into this lane. */
  gather(most: number): void;
}

/** Says what the next iteration of a lane contains. */
export interface Batching extends Policy {
  /** Static batching: blocks of requests that end stay in use until nobody is left in their lane. */
  readonly keepsBlocks?: boolean;
  /**
   * Promises that, with decodes in the lane, nobody waiting, no prompt unfinished, and a block free beyond `decodeGrowth`, plan() would do nothing but
   * decode() and return Infinity: then the engine does not ask. Two of three plans are of this kind.
   */
  readonly steady?: boolean;
  /**
   * Fills the next batch through `lane`. An empty batch leaves the lane idle until something changes.
   * Returns for how many iterations a batch of decodes alone may be repeated before it must be asked again (it is asked anyway after
   * an arrival, a finish, a preemption, or when blocks run out); Infinity when it has no wish. Negative: the same, and an arrival changes nothing either
   * (for example because the head of the queue does not fit), so need not be asked about it.
   */
  plan(lane: LaneControl): number;
  arrived?(slot: number, replicaRequests: RequestTable): void;
  finished?(slot: number, requests: RequestTable): void;
}

export interface BatchingContext extends PolicyContext {
  readonly lanes: number;
  readonly blockSize: number;
  readonly blocks: number;
}

// Order of the queue --------------------------------------------------------------------------------------------------

/** How far the lanes of a replica are. */
export interface LaneClock {
  /** Decode iterations that a lane will have run when the one that runs now ends. */
  iterationOf(lane: number): number;
}

/**
 * Says which waiting request of a replica comes in next: a fairness policy that works under any replica scheduler, which sees no more of the queue than
 * `nextWaiting`. One per replica: what it counts is what its replica served. It keeps the requests that wait in a queue of its own.
 * Every decoding request takes one token per iteration of its lane, so what has been served between two calls follows from the iterations: nothing
 * is called per token. Answers must not depend on how often `next` is asked.
 */
export interface Ordering extends Policy {
  /** The request waits from now on. `again`: it had come in and lost its place (preemption). */
  queued(slot: number, again: boolean, clock: LaneClock): void;
  /** Who comes in next. At least one request waits. */
  next(clock: LaneClock): number;
  /** For how many further decode iterations of a replica with one lane `next` will give the same answer, while nobody comes, ends or comes in. At least 1. */
  staysFor(clock: LaneClock): number;
  /** The request, which waited, comes in. */
  admitted(slot: number, clock: LaneClock): void;
  /** A token that no decode gives: the one that ends a prompt. */
  produced(slot: number): void;
  /** Takes a token in every decode iteration of the lane after this one; takes no more after that one (at its end `requests.left` of it is 0). */
  joined(slot: number, lane: number, iteration: number): void;
  left(slot: number, lane: number, iteration: number): void;
  /** Has ended; it has left its lane before, or ends with its prompt. */
  finished(slot: number): void;
  /** The replica is lost: nobody waits, nobody runs, nothing is remembered. */
  cleared(): void;
}

export interface OrderingContext extends BatchingContext {
  readonly requests: RequestTable;
}

// Latency ------------------------------------------------------------------------------------------------------------

/** Composition of one iteration's batch, reused between calls. */
export interface BatchShape {
  /** Prompt tokens computed in this iteration, and the number of requests they belong to. */
  prefillTokens: number;
  prefillRequests: number;
  /** Requests that decode one token each. */
  decodeRequests: number;
  /** Sum over the decodes of tokens already in their KV cache before this iteration. */
  decodeContext: number;
  /** Sum over the prefills of tokens already in their KV cache (cached prefix or earlier chunks). */
  prefillContext: number;
  /** Sum over the prefills of chunk x (past + chunk / 2), tokens squared. */
  prefillWork: number;
  /** Sum over the prefills of chunk squared, tokens squared. */
  prefillSquares: number;
}

/** Time of a decode-only iteration as base + perContext x (context sum), valid while the context sum is below `below`. Reused between calls. */
export interface DecodeForm {
  base: number;
  perContext: number;
  below: number;
}

/** Batch composition to seconds of one iteration. Pure: the same shape gives the same time. */
export interface LatencyModel {
  /** Time of one iteration on one pipeline stage, seconds. `past` gives the (chunk, past) pairs of the prefills for models that need each of them. */
  iteration(shape: BatchShape, stage: number, chunks?: Chunks): number;
  /** The same for decodes alone and one stage, as an affine piece: lets the engine leap. Leave out when there is no such form. */
  decodeForm?(requests: number, context: number, into: DecodeForm): void;
}

/** Where the time of an iteration goes, for latency models that know. Asked only by runs that record details. */
export interface LatencyParts {
  readonly names: readonly string[];
  /**
   * Writes the seconds of each part in one iteration on one stage; they add up to LatencyModel.iteration(). For decodes alone each part is affine
   * in the context wherever the iteration is.
   */
  of(shape: BatchShape, stage: number, into: Float64Array, chunks?: Chunks): void;
}

/** Prefill chunks of a batch: `count` pairs. */
export interface Chunks {
  readonly count: number;
  readonly tokens: Int32Array;
  readonly past: Int32Array;
}

// Traffic ------------------------------------------------------------------------------------------------------------

/** One request, as a source hands it over. Reused between calls. */
export interface ArrivalRow {
  arrivedAt: number;
  promptTokens: number;
  /** 0: the request failed at its origin; it is counted as failed and not served. */
  outputTokens: number;
  tenant: number;
  sloClass: number;
  session: number;
  /** Prompt tokens that a shared prefix cache may hold: hashes of the prompt's blocks, as a range of `prefixIds`; more of them are of the output. */
  prefixStart: number;
  prefixCount: number;
}

/** A row for a source to write arrivals into. All are made here, alike: code that meets several kinds of objects is slow in JavaScript engines. */
export const emptyRow = (): ArrivalRow => ({
  // No whole number, as the times to come (fleet/replica.ts says why).
  arrivedAt: -0,
  promptTokens: 0,
  outputTokens: 0,
  tenant: 0,
  sloClass: 0,
  session: -1,
  prefixStart: 0,
  prefixCount: 0,
});

/** Where requests come from. Times never decrease. */
export interface RequestSource extends Policy {
  /** Tokens per entry of `prefixIds`; 0 or left out when the traffic has no content. */
  readonly prefixBlockTokens?: number;
  /** What rows refer to with prefixStart and prefixCount: valid until the next take(), and replaced at will. */
  readonly prefixIds?: Int32Array;
  /** Requests in all, or NaN when unknown; for progress only. */
  readonly expected: number;
  /** Seconds at which arrivals end (or NaN); for the time axis only. */
  readonly duration: number;
  /** Time of the next arrival; Infinity when none is due (closed loop: until a request finishes). */
  nextAt(): number;
  /** Fills the row with that arrival and moves on. */
  take(into: ArrivalRow): void;
  /** Told of every request that ends, whatever its end: closed loops send the next one. */
  finished?(id: number, now: number): void;
}

// Recording ----------------------------------------------------------------------------------------------------------

export const Status = { completed: 0, refused: 1, failed: 2, unfinished: 3 } as const;
export type Status = (typeof Status)[keyof typeof Status];
export const STATUS_NAMES = ["completed", "refused", "failed", "unfinished"] as const;

export const ReplicaState = { starting: 0, ready: 1, draining: 2, failed: 3, gone: 4 } as const;
export type ReplicaState = (typeof ReplicaState)[keyof typeof ReplicaState];
export const REPLICA_STATE_NAMES = ["starting", "ready", "draining", "failed", "gone"] as const;

// Definitions --------------------------------------------------------------------------------------------------------

interface Definition<Kind extends string, P extends Params, Context, Instance> {
  readonly kind: Kind;
  /** Never changes once released: it is in people's links. */
  readonly id: string;
  readonly label: string;
  /** One or two sentences: what it does, and its source. */
  readonly help: string;
  readonly params: P;
  /** Of a replica scheduler: asks `blocksNeeded` before it reads what is left to compute, as prefix caching needs. */
  readonly sharesPrefixes?: boolean;
  create(values: Values<P>, context: Context): Instance;
}

export type RoutingDefinition<P extends Params = Params> = Definition<"routing", P, PolicyContext, Router>;
export type AdmissionDefinition<P extends Params = Params> = Definition<"admission", P, PolicyContext, Admission>;
export type AutoscalingDefinition<P extends Params = Params> = Definition<"autoscaling", P, PolicyContext, Autoscaler>;
export type BatchingDefinition<P extends Params = Params> = Definition<"batching", P, BatchingContext, Batching>;
/** An order that creates null is that of arrival. */
export type OrderingDefinition<P extends Params = Params> = Definition<"ordering", P, OrderingContext, Ordering | null>;

interface Instances {
  routing: readonly [PolicyContext, Router];
  admission: readonly [PolicyContext, Admission];
  autoscaling: readonly [PolicyContext, Autoscaler];
  batching: readonly [BatchingContext, Batching];
  ordering: readonly [OrderingContext, Ordering | null];
}

/** Types the values that `create` gets from the descriptors, then forgets them, so that definitions of one kind fit in one list. */
export function definePolicy<const Kind extends keyof Instances, const P extends Params>(
  definition: Definition<Kind, P, Instances[Kind][0], Instances[Kind][1]>,
): Definition<Kind, Params, Instances[Kind][0], Instances[Kind][1]> {
  return definition as unknown as Definition<Kind, Params, Instances[Kind][0], Instances[Kind][1]>;
}
