// Run and pause, step, speed, clock, strip, back to the live edge.
import { commandById, run } from "../../commands/commands.ts";
import { setSpeed } from "../../rpc/run-control.ts";
import type { Speed } from "../../rpc/protocol.ts";
import { useRunStore } from "../../state/run-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { clock, TIMES } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { CatchUp } from "./catch-up.tsx";
import { ScenarioMenu } from "./scenario-menu.tsx";
import { Strip } from "./strip.tsx";

const SPEEDS = [
  { id: "1", label: `1${TIMES}` },
  { id: "10", label: `10${TIMES}` },
  { id: "60", label: `60${TIMES}` },
  { id: "max", label: "Max" },
] as const;
type SpeedId = (typeof SPEEDS)[number]["id"];

export const speedLabel = (speed: Speed): string => (speed === "max" ? "Max" : `${speed}${TIMES}`);

export function SpeedChoice() {
  const speed = useRunStore((state) => state.current.speed);
  const id = SPEEDS.find((option) => option.id === String(speed))?.id ?? null;
  return (
    <Segmented<SpeedId>
      label="Speed"
      options={SPEEDS}
      value={id}
      onChange={(next) => void setSpeed(next === "max" ? "max" : Number(next))}
    />
  );
}

export function RunButton({ wordless = false }: { readonly wordless?: boolean }) {
  const phase = useRunStore((state) => state.current.phase);
  const running = phase === "running";
  const word = running ? "Pause" : phase === "finished" || phase === "cancelled" ? "Run again" : "Run";
  return (
    <button
      type="button"
      className="button ink"
      aria-label={wordless ? word : undefined}
      title={`${word} (Space)`}
      onClick={() => run("toggle-run")}
    >
      <Icon name={running ? "pause" : "play"} size={wordless ? 18 : 14} />
      {!wordless && word}
    </button>
  );
}

export function Clock() {
  const simTime = useRunStore((state) => Math.floor(state.current.simTime));
  const simEnd = useRunStore((state) => Math.ceil(state.current.simEnd - 1e-6));
  return (
    <div className="clock">
      {clock(simTime)} <span>of {clock(simEnd)}</span>
    </div>
  );
}

export function Transport() {
  const finished = useRunStore((state) => state.current.phase === "finished" || state.current.phase === "cancelled");
  const looking = useViewStore((state) => state.cursor !== null || state.range !== null);
  const setView = useViewStore((state) => state.setView);
  const railOpen = useViewStore((state) => state.railOpen);
  return (
    <section className="transport" aria-label="Run">
      <div className="scenario">
        <ScenarioMenu />
      </div>
      <div className="controls">
        <button type="button" className="button setup-button" aria-pressed={railOpen} onClick={() => setView({ railOpen: !railOpen })}>
          Setup
        </button>
        <RunButton />
        <button
          type="button"
          className="button square"
          disabled={finished}
          title={`${commandById("step").label} (S)`}
          aria-label={commandById("step").label}
          onClick={() => run("step")}
        >
          <Icon name="step" />
        </button>
        <SpeedChoice />
        <Clock />
      </div>
      <Strip />
      <div className="controls">
        <button type="button" className="button plain" disabled={!looking} onClick={() => run("follow-live")}>
          Follow live <kbd>L</kbd>
        </button>
      </div>
      <CatchUp />
    </section>
  );
}
