// One column for narrow screens: run and strip on top, five tabs below.
import { FILE_COMMANDS, commandById, run } from "../commands/commands.ts";
import { embedded } from "../state/embed.ts";
import { useRunStore } from "../state/run-store.ts";
import { useViewStore, type PhoneTab } from "../state/view-store.ts";
import { Icon, Mark } from "../ui/icons.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { THEMES } from "../ui/theme.ts";
import { StoryLine } from "../views/story/story-line.tsx";
import { CatchUp } from "../views/transport/catch-up.tsx";
import { ScenarioMenu } from "../views/transport/scenario-menu.tsx";
import { Strip } from "../views/transport/strip.tsx";
import { Clock, RunButton, SpeedChoice, speedLabel } from "../views/transport/transport.tsx";
import { Notices } from "./notices.tsx";
import { DrawsSlot, FairnessSlot, FleetSlot, PrefixSlot, RailSlot, RequestsSlot, ResultsSlot, TracksSlot, WhySlot } from "./panels.tsx";

const TABS: readonly { readonly id: PhoneTab; readonly label: string }[] = [
  { id: "setup", label: "Setup" },
  { id: "live", label: "Live" },
  { id: "results", label: "Results" },
  { id: "requests", label: "Requests" },
  { id: "more", label: "More" },
];

const MORE = [
  "experiments",
  "models",
  "gallery",
  "validation",
  "pin",
  "step",
  "follow-live",
  "undo",
  "redo",
  "share",
  ...FILE_COMMANDS,
  "help",
];

function More() {
  const theme = useViewStore((state) => state.theme);
  const setView = useViewStore((state) => state.setView);
  return (
    <>
      <div className="speed">
        <SpeedChoice />
      </div>
      <div className="speed">
        <Segmented label="Theme" options={THEMES} value={theme} onChange={(next) => setView({ theme: next })} />
      </div>
      <div className="more-list">
        {MORE.map((id) => (
          <button key={id} type="button" onClick={() => run(id)}>
            {commandById(id).label}
          </button>
        ))}
      </div>
    </>
  );
}

export function PhonePage() {
  const tab = useViewStore((state) => state.phoneTab);
  const setView = useViewStore((state) => state.setView);
  const speed = useRunStore((state) => state.current.speed);
  return (
    <div className="phone">
      {!embedded && (
        <header className="phone-top">
          <Mark />
          <h1 className="visually-hidden">Goodput</h1>
          <div className="scenario">
            <ScenarioMenu />
          </div>
          <button type="button" className="button plain square" aria-label="Share" onClick={() => run("share")}>
            <Icon name="link" size={18} />
          </button>
          <button type="button" className="button plain square" aria-label="Commands" onClick={() => run("palette")}>
            <Icon name="dots" size={18} />
          </button>
        </header>
      )}
      <section className="phone-transport" aria-label="Run">
        <RunButton wordless />
        <div className="run">
          <div className="clock-row">
            <Clock />
            <span className="quiet">{speedLabel(speed)}</span>
          </div>
          <Strip />
        </div>
        <CatchUp />
      </section>
      <main className="main">
        <div id="phone-panel" role="tabpanel" aria-label={TABS.find((entry) => entry.id === tab)?.label}>
          <Notices />
          {tab === "setup" && <RailSlot />}
          {tab === "live" && (
            <>
              <StoryLine />
              <FleetSlot />
              <TracksSlot />
            </>
          )}
          {tab === "results" && (
            <>
              <ResultsSlot />
              <PrefixSlot />
              <FairnessSlot />
              <DrawsSlot />
            </>
          )}
          {tab === "requests" && (
            <>
              <RequestsSlot />
              <WhySlot />
            </>
          )}
          {tab === "more" && <More />}
        </div>
      </main>
      <nav aria-label="Parts of the page">
        <div className="tab-bar" role="tablist" aria-label="Parts of the page">
          {TABS.map((entry) => (
            <button
              key={entry.id}
              type="button"
              role="tab"
              aria-selected={entry.id === tab}
              aria-controls="phone-panel"
              tabIndex={entry.id === tab ? 0 : -1}
              onClick={() => setView({ phoneTab: entry.id })}
              onKeyDown={(event) => {
                const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                if (by === 0) return;
                const next = TABS[(TABS.indexOf(entry) + by + TABS.length) % TABS.length];
                if (next !== undefined) setView({ phoneTab: next.id });
                (event.currentTarget.parentElement?.children[TABS.findIndex((t) => t.id === next?.id)] as HTMLElement | undefined)?.focus();
              }}
            >
              {entry.label}
            </button>
          ))}
        </div>
      </nav>
    </div>
  );
}
