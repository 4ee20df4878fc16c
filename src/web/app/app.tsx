// The page: top bar, transport, rail and the workbench; below 700 px one column with a tab bar.
import { useEffect, useState } from "react";
import { openFiles } from "../commands/files.ts";
import { closeDialog, tell, useDialogStore } from "../state/dialog-store.ts";
import { embedded, shows, wholeLink } from "../state/embed.ts";
import { useViewStore } from "../state/view-store.ts";
import { fetched } from "../ui/fetched.tsx";
import { HelpTip } from "../ui/help-tip.tsx";
import { StoryLine } from "../views/story/story-line.tsx";
import { Transport } from "../views/transport/transport.tsx";
import { Notices } from "./notices.tsx";
import {
  DrawsSlot,
  FairnessSlot,
  FleetSlot,
  Guard,
  PrefixSlot,
  RailSlot,
  RequestsSlot,
  ResultsSlot,
  TracksSlot,
  WhySlot,
} from "./panels.tsx";
import { TopBar } from "./top-bar.tsx";
import { useMedia } from "./use-media.ts";

// One of the two: a wide screen never needs the phone's page.
const PhonePage = fetched(async () => (await import("./phone-page.tsx")).PhonePage);
const OTHER_SCREENS = {
  experiments: fetched(async () => (await import("./experiments-screen.tsx")).ExperimentsScreen),
  models: fetched(async () => (await import("./models-screen.tsx")).ModelsScreen),
  gallery: fetched(async () => (await import("./gallery-screen.tsx")).GalleryScreen),
  validation: fetched(async () => (await import("./validation-screen.tsx")).ValidationScreen),
};
const Dialogs = fetched(async () => (await import("./dialogs.tsx")).Dialogs, {
  failed: () => {
    closeDialog();
    tell({ kind: "error", title: "This dialog cannot be drawn.", text: "Its script did not come. Reload the page, or go on without it." });
  },
});

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
  const both = shows("time") && shows("results");
  return (
    <div
      className={`page${railOpen ? " rail-open" : ""}${embedded || !shows("transport") ? " embedded" : ""}${shows("rail") ? "" : " no-rail"}`}
    >
      {embedded ? null : <TopBar />}
      {shows("transport") && <Transport />}
      {shows("rail") && <RailSlot />}
      <main className="main">
        <Notices />
        {shows("story") && <StoryLine />}
        {shows("fleet") && <FleetSlot />}
        <div className={both ? "two" : undefined}>
          {shows("time") && <TracksSlot />}
          {shows("results") && <ResultsSlot />}
        </div>
        <PrefixSlot />
        <FairnessSlot />
        <DrawsSlot />
        {shows("requests") && (
          <div className="low">
            <RequestsSlot />
            <WhySlot />
          </div>
        )}
      </main>
    </div>
  );
}

/** From an embedded page to the whole one, in a tab of its own. */
const WholePage = () => (
  <header className="whole-page">
    <h1 className="visually-hidden">Goodput</h1>
    <a href={wholeLink()} target="_blank" rel="noreferrer">
      Open in Goodput
    </a>
  </header>
);

export function App() {
  const phone = useMedia("(max-width: 699px)");
  const dialog = useDialogStore((state) => state.open);
  const screen = useViewStore((state) => state.screen);
  const Other = screen === "workbench" ? null : OTHER_SCREENS[screen];
  return (
    <>
      {embedded && <WholePage />}
      {/* Around all screens: what goes wrong while one leaves is caught, too. */}
      <Guard name="This screen" screen={screen}>
        {Other !== null ? <Other phone={phone} /> : phone ? <PhonePage /> : <DesktopPage />}
      </Guard>
      {dialog !== null && <Dialogs name={dialog} onClose={closeDialog} />}
      <HelpTip />
      <DropTarget />
    </>
  );
}
