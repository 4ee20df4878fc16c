// A watched run: what it is told, what it shows, how it is asked. The simulation worker offers this to the page (src/web/rpc/protocol.ts).
import type { RoutingReport } from "../engine/metrics/routing-report.ts";
import type {
  Cdf,
  FleetEvent,
  FleetSamples,
  LoadDistribution,
  RequestLog,
  RequestTimeline,
  ScalingDecision,
  Series,
  Summary,
} from "../engine/metrics/results.ts";
import type { NamedProfile } from "./profiles.ts";
import type { Trace } from "../workload/types.ts";
import type { Scenario } from "./types.ts";

/** Simulated seconds per second of wall time; "max" = as fast as the machine goes. */
export type Speed = number | "max";

export interface Progress {
  readonly phase: "running" | "paused" | "finished" | "cancelled";
  /** Requests that have ended, and requests expected (NaN when unknown). */
  readonly done: number;
  readonly total: number;
  readonly simTime: number;
  /** Seconds of the time axis: expected end of the run. */
  readonly simEnd: number;
  readonly wallMs: number;
  readonly text: string;
}

/** Results of the run that was set aside, at the same simulated time. */
export interface Compared {
  readonly summary: Summary;
  readonly cdfs: RunPicture["cdfs"];
  readonly load: LoadDistribution;
}

/** What the panels draw: a whole picture of the run so far. A recorded run for the first paint has the same shape. */
export interface RunPicture {
  readonly revision: number;
  readonly progress: Progress;
  readonly summary: Summary;
  readonly series: Series;
  readonly fleet: FleetSamples;
  readonly events: readonly FleetEvent[];
  /** Changes that autoscalers asked for, and why; the first 10,000. */
  readonly decisions: readonly ScalingDecision[];
  readonly cdfs: { readonly ttft: Cdf; readonly tpot: Cdf; readonly e2e: Cdf };
  readonly load: LoadDistribution;
  /** Prefix caches and the router's memory at the end; left out before, and for runs that have neither. */
  readonly routing?: RoutingReport;
  /** Of a run that goes on, where another one was set aside. */
  readonly before?: Compared;
}

/** A picture on its way to the page. What the fleet did comes as news (`onFleet`): a message must not grow with all that ever happened. */
export type PictureMessage = Omit<RunPicture, "events" | "decisions">;

/** What happened to the fleet since the last call. */
export interface FleetNews {
  readonly events: readonly FleetEvent[];
  readonly decisions: readonly ScalingDecision[];
}

export interface StartOptions {
  readonly speed: Speed;
  /** Run at full speed up to this simulated time, then at `speed`. */
  readonly skipTo: number;
  /** Keep finished requests as columns and send them (`onRequests`). */
  readonly keepRequests: boolean;
  readonly paused: boolean;
  /** The page has no core to itself: a run that goes as fast as it can stands still while the page draws. */
  readonly sharesCore?: boolean;
  /** Profiles that the scenario names and that no earlier start has brought. */
  readonly profiles?: readonly NamedProfile[];
}

/** Callbacks of the page; the host calls onPicture at most 20 times a second. */
export interface RunListener {
  /**
   * Answers when the picture is drawn. Until then, and as long again after it, no further picture of a run that goes on is sent; the run itself goes on
   * meanwhile (but see `sharesCore`). Who draws is then left half of its time, however slow the machine.
   */
  onPicture(picture: PictureMessage): void | Promise<void>;
  /** Comes before the picture that it belongs to. */
  onFleet(news: FleetNews): void;
  /** New ended requests since the last call. */
  onRequests(chunk: RequestLog): void;
  /** How much of the way to `skipTo` is done; 1 = there. The first pictures may come later. */
  onCatchUp(share: number): void;
  /** One sentence: what, which value, what now. The run is over; what was drawn stays. */
  onError(text: string): void;
}

export interface RangePart {
  readonly summary: Summary;
  readonly cdfs: RunPicture["cdfs"];
}

export interface RunPosition {
  readonly simTime: number;
  /** Events handled. */
  readonly events: number;
  /** The run has ended, or was stopped: what is in flight is unfinished. */
  readonly over: boolean;
}

/** The simulation worker. Starting a run cancels the one before. */
export interface SimulationHost {
  start(scenario: Scenario, trace: Trace | null, options: StartOptions, listener: RunListener): Promise<void>;
  setSpeed(speed: Speed): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** One event further, then paused. */
  step(): Promise<void>;
  /** Ends the run and keeps what it has. Answers within 100 ms. */
  cancel(): Promise<void>;
  /** Replays the run to follow one request. `replica`: as if the router had sent it there. */
  timeline(id: number, replica?: number): Promise<RequestTimeline | null>;
  /** Summary and curves of the requests that arrived in [from, to), of this run and of the one set aside. */
  range(from: number, to: number): Promise<(RangePart & { readonly before: RangePart | null }) | null>;
  /**
   * The present run gives way: it is compared with the ones that are started next, until another is set aside. It goes on to its end at full
   * speed and answers with that picture; null when there is no run, it is too large to keep, or another was set aside meanwhile.
   */
  setAside(): Promise<RunPicture | null>;
  forgetAside(): Promise<void>;
  /** Where the run stands; null when there is none. A second run of the scenario can be brought there (replay.ts). */
  position(): Promise<RunPosition | null>;
}
