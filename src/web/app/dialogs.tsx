// All dialogs, loaded when the first one opens.
import { HelpSheet } from "../commands/help-sheet.tsx";
import { Palette } from "../commands/palette.tsx";
import type { DialogName } from "../state/dialog-store.ts";
import { FilesDialog, PerfettoDialog } from "./export-dialogs.tsx";
import { MappingDialog } from "./mapping-dialog.tsx";
import { ShareDialog } from "./share-dialog.tsx";
import { TraceDialog } from "./trace-dialog.tsx";

const DIALOGS: Readonly<Record<DialogName, (props: { readonly onClose: () => void }) => React.ReactNode>> = {
  palette: Palette,
  help: HelpSheet,
  share: ShareDialog,
  trace: TraceDialog,
  mapping: MappingDialog,
  files: FilesDialog,
  perfetto: PerfettoDialog,
};

export function Dialogs({ name, onClose }: { readonly name: DialogName; readonly onClose: () => void }) {
  const Shown = DIALOGS[name];
  return <Shown key={name} onClose={onClose} />;
}
