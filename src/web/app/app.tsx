// The page: top bar, transport, rail and the workbench; below 700 px one column with a tab bar.
import { lazy, Suspense, useEffect, useState } from "react";
import { openFiles } from "../commands/files.ts";
import { closeDialog, useDialogStore } from "../state/dialog-store.ts";
import { useViewStore } from "../state/view-store.ts";
import { HelpTip } from "../ui/help-tip.tsx";
import { Rail } from "../views/rail/rail.tsx";
import { StoryLine } from "../views/story/story-line.tsx";
import { Transport } from "../views/transport/transport.tsx";
import { Notices } from "./notices.tsx";
import { DrawsSlot, FleetSlot, PrefixSlot, RequestsSlot, ResultsSlot, TracksSlot, WhySlot } from "./panels.tsx";
import { TopBar } from "./top-bar.tsx";
import { useMedia } from "./use-media.ts";

// One of the two: a wide screen never needs the phone's page.
const PhonePage = lazy(async () => ({ default: (await import("./phone-page.tsx")).PhonePage }));
const ExperimentsScreen = lazy(async () => ({ default: (await import("./experiments-screen.tsx")).ExperimentsScreen }));
const ModelsScreen = lazy(async () => ({ default: (await import("./models-screen.tsx")).ModelsScreen }));
const Dialogs = lazy(async () => ({ default: (await import("./dialogs.tsx")).Dialogs }));

/** A file dropped anywhere is a scenario, a trace, or one of a profile. */
function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holdsFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const drag = (event: DragEvent): void => {
      if (!holdsFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFile(event)) return;
      event.preventDefault();
      setOver(false);
      void openFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return over ? <div className="drop-veil">Drop a trace, a scenario, a profile, or measured batches. It stays on this machine.</div> : null;
}

function DesktopPage() {
  const railOpen = useViewStore((state) => state.railOpen);
  return (
    <div className={`page${railOpen ? " rail-open" : ""}`}>
      <TopBar />
      <Transport />
      <Rail />
      <main className="main">
        <Notices />
        <StoryLine />
        <FleetSlot />
        <div className="two">
          <TracksSlot />
          <ResultsSlot />
        </div>
        <PrefixSlot />
        <DrawsSlot />
        <div className="low">
          <RequestsSlot />
          <WhySlot />
        </div>
      </main>
    </div>
  );
}

export function App() {
  const phone = useMedia("(max-width: 699px)");
  const dialog = useDialogStore((state) => state.open);
  const screen = useViewStore((state) => state.screen);
  return (
    <>
      <Suspense fallback={null}>
        {screen === "experiments" ? (
          <ExperimentsScreen phone={phone} />
        ) : screen === "models" ? (
          <ModelsScreen phone={phone} />
        ) : phone ? (
          <PhonePage />
        ) : (
          <DesktopPage />
        )}
      </Suspense>
      {dialog !== null && (
        <Suspense fallback={null}>
          <Dialogs name={dialog} onClose={closeDialog} />
        </Suspense>
      )}
      <HelpTip />
      <DropTarget />
    </>
  );
}
