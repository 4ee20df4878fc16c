// The parts of the workbench, each with the script that it needs; a panel fills the container it stands in.
import { Component, type ComponentType, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { runData, useRunStore } from "../state/run-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { fetched } from "../ui/fetched.tsx";
import { takeTurn } from "../ui/turns.ts";

/** Without flushSync React would draw the parts of several turns together. */
const inTurn = (draw: () => void): (() => void) => takeTurn(() => flushSync(draw));

/** On load a part waits until what tells the run has been painted, then for its turn; later it is there at once. */
function part(load: () => Promise<ComponentType>, when = inTurn): () => ReactNode {
  const Loaded = fetched(load, { when });
  return function Part() {
    const opened = useViewStore((state) => state.opened);
    return opened ? <Loaded /> : null;
  };
}

const FleetPanel = part(async () => (await import("../views/fleet/panel.tsx")).FleetPanel);
const TracksPanel = part(async () => (await import("../views/tracks/panel.tsx")).TracksPanel);
const ResultsPanel = part(async () => (await import("../views/results/panel.tsx")).ResultsPanel);
const RequestsPanel = part(async () => (await import("../views/requests/panel.tsx")).RequestsPanel);
const PrefixPanel = part(async () => (await import("../views/prefix/panel.tsx")).PrefixPanel);
const FairnessPanel = part(async () => (await import("../views/fairness/panel.tsx")).FairnessPanel);
const DrawsPanel = part(async () => (await import("../views/draws/panel.tsx")).DrawsPanel);
const WhyPanel = part(async () => (await import("../views/why/panel.tsx")).WhyPanel);
/** After the panels, whose scripts come with its own: first what there is to see. */
const RailPart = part(
  async () => (await import("../views/rail/rail.tsx")).Rail,
  (draw) => {
    let giveUp = takeTurn(() => {
      giveUp = inTurn(draw);
    });
    return () => giveUp();
  },
);

interface GuardProps {
  readonly name: string;
  /** A screen: to another one there is a way without it; it itself comes back with a reload, as its script may be what is missing. */
  readonly screen?: string;
  readonly children: ReactNode;
}

/** A panel or a screen that breaks says so in its place; the others go on. */
export class Guard extends Component<GuardProps, { readonly error: string | null }> {
  override state = { error: null };
  static getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  override componentDidUpdate({ screen }: GuardProps): void {
    // One more look at another screen is what is wanted; derived from properties, a screen that breaks at once would be looked at without end.
    // oxlint-disable-next-line react/no-did-update-set-state
    if (screen !== this.props.screen && this.state.error !== null) this.setState({ error: null });
  }
  override render(): ReactNode {
    const { name, screen, children } = this.props;
    if (this.state.error === null) return children;
    return (
      <p className="notice error" role="alert">
        <strong>{name} cannot be drawn.</strong> {this.state.error}
        <button
          type="button"
          className="text-button"
          onClick={() => (screen === undefined ? this.setState({ error: null }) : location.reload())}
        >
          {screen === undefined ? "Draw again" : "Reload the page"}
        </button>
      </p>
    );
  }
}

function Slot({ id, name, children }: { readonly id: string; readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={`slot ${id}`}>
      <Guard name={name}>{children}</Guard>
    </div>
  );
}

export const FleetSlot = () => (
  <Slot id="fleet" name="Fleet">
    <FleetPanel />
  </Slot>
);
export const TracksSlot = () => (
  <Slot id="tracks" name="Time">
    <TracksPanel />
  </Slot>
);
export const ResultsSlot = () => (
  <Slot id="results" name="Results">
    <ResultsPanel />
  </Slot>
);
export const RequestsSlot = () => (
  <Slot id="requests" name="Requests">
    <RequestsPanel />
  </Slot>
);
/** Only where a pool shares prefixes. */
export const PrefixSlot = () => {
  const shares = useRunStore(({ current }) => current.scenario?.pools.some(({ kv }) => kv.prefixCaching === true) ?? false);
  return shares ? (
    <Slot id="prefix" name="Prefix caches">
      <PrefixPanel />
    </Slot>
  ) : null;
};
/** Only where there are tenants to compare. */
export const FairnessSlot = () => {
  const several = useRunStore(({ revision }) => revision > 0 && (runData.picture?.summary.tenants.length ?? 0) > 1);
  return several ? (
    <Slot id="fairness" name="Fairness between tenants">
      <FairnessPanel />
    </Slot>
  ) : null;
};
/** Only where a pool runs on a fitted model. */
export const DrawsSlot = () => {
  const fitted = useRunStore(({ current }) => current.scenario?.pools.some(({ latency }) => latency.id === "fitted") ?? false);
  return fitted ? (
    <Slot id="draws" name="How sure">
      <DrawsPanel />
    </Slot>
  ) : null;
};
export const WhySlot = () => (
  <Slot id="why" name="One request">
    <WhyPanel />
  </Slot>
);
export const RailSlot = () => (
  <aside className="rail" aria-label="Setup">
    <Guard name="Setup">
      <RailPart />
    </Guard>
  </aside>
);
