// The panels of the workbench, loaded beside the first paint; each fills the container it stands in.
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from "react";

const found = import.meta.glob<Record<string, ComponentType>>("../views/{fleet,tracks,results,requests,why}/panel.tsx");

function panel(folder: string, name: string): ComponentType {
  const load = found[`../views/${folder}/panel.tsx`];
  if (load === undefined) return () => null;
  return lazy(async () => ({ default: (await load())[name] as ComponentType }));
}

const FleetPanel = panel("fleet", "FleetPanel");
const TracksPanel = panel("tracks", "TracksPanel");
const ResultsPanel = panel("results", "ResultsPanel");
const RequestsPanel = panel("requests", "RequestsPanel");
const WhyPanel = panel("why", "WhyPanel");

/** A panel that breaks says so in its place; the others go on. */
class Guard extends Component<{ readonly name: string; readonly children: ReactNode }, { readonly error: string | null }> {
  override state = { error: null };
  static getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <p className="notice error">
        <strong>{this.props.name} cannot be drawn.</strong> {this.state.error}
        <button type="button" className="text-button" onClick={() => this.setState({ error: null })}>
          Draw again
        </button>
      </p>
    );
  }
}

function Slot({ id, name, children }: { readonly id: string; readonly name: string; readonly children: ReactNode }) {
  return (
    <section className={`slot ${id}`} aria-label={name}>
      <Guard name={name}>
        <Suspense fallback={null}>{children}</Suspense>
      </Guard>
    </section>
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
export const WhySlot = () => (
  <Slot id="why" name="One request">
    <WhyPanel />
  </Slot>
);
