// Which dialog is open, and the one line of news about the scenario or a link.
import { create } from "zustand";

export type DialogName = "palette" | "help" | "share" | "trace" | "mapping" | "files" | "perfetto";

export interface Notice {
  readonly kind: "error" | "done";
  /** What happened, first. */
  readonly title: string;
  /** What happens now, and the way out. */
  readonly text: string;
}

export const useDialogStore = create<{ readonly open: DialogName | null; readonly notice: Notice | null }>()(() => ({
  open: null,
  notice: null,
}));

export const openDialog = (open: DialogName): void => useDialogStore.setState({ open });
export const closeDialog = (): void => useDialogStore.setState({ open: null });
export const tell = (notice: Notice | null): void => useDialogStore.setState({ notice });
