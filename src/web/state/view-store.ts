// What the page looks at: cursor, range, selection, folding, theme. Every panel reads and writes it; none talks to another panel.
import { create } from "zustand";

export type Theme = "system" | "light" | "dark";
export type FleetMode = "cells" | "strip";
export type FleetSort = "id" | "load";
/** Tabs of the phone layout. */
export type PhoneTab = "setup" | "live" | "results" | "requests" | "more";

export const SCREENS = ["workbench", "experiments", "models", "gallery", "validation"] as const;
export type Screen = (typeof SCREENS)[number];

export interface RequestFilter {
  readonly lateOnly: boolean;
  /** Index of a tenant, or null for all. */
  readonly tenant: number | null;
  /** Only requests served by this replica, or null for all. */
  readonly replica: number | null;
  readonly text: string;
}

export interface ViewState {
  /** What tells the run is painted for the first time: what stands around it may follow. */
  readonly opened: boolean;
  readonly screen: Screen;
  /** What a sweep varies, as a person has set it (`views/sweep/form-types.ts`), unchecked: it may come from a link. Null: what suits the scenario. */
  readonly sweep: object | null;
  /** The same for the other questions of that screen, and which of them is asked (`views/questions/forms.ts`). */
  readonly questions: object | null;
  /** Simulated seconds looked at; null = the live edge. */
  readonly cursor: number | null;
  /** A pinned cursor stays where it is when the pointer moves on. */
  readonly cursorPinned: boolean;
  /** Brushed range of simulated seconds [from, to); null = the whole run. */
  readonly range: readonly [number, number] | null;
  /** Visible part of the time axis (Ctrl and wheel); null = all. The strip always shows the whole run. */
  readonly zoom: readonly [number, number] | null;
  readonly selectedReplica: number | null;
  readonly selectedRequest: number | null;
  readonly selectedTenant: number | null;
  readonly fleetMode: FleetMode | "auto";
  readonly fleetSort: FleetSort;
  readonly foldedTracks: readonly string[];
  readonly trackOrder: readonly string[];
  readonly trackHeights: Readonly<Record<string, number>>;
  readonly theme: Theme;
  /** What `theme` comes to on this machine. Panels that draw on canvas redraw when it changes. */
  readonly appearance: "light" | "dark";
  readonly requestFilter: RequestFilter;
  readonly railOpen: boolean;
  readonly openSections: readonly string[];
  /** Pool that the sections of the rail speak of, where there are several. */
  readonly poolTab: number;
  readonly phoneTab: PhoneTab;
}

export interface ViewActions {
  /** Moves the cursor unless it is pinned. */
  hover(at: number | null): void;
  /** Puts the cursor there and keeps it. */
  pinCursor(at: number): void;
  /** Cursor back to the live edge; the range is cleared as well. */
  followLive(): void;
  setRange(range: readonly [number, number] | null): void;
  setZoom(zoom: readonly [number, number] | null): void;
  selectReplica(replica: number | null): void;
  selectRequest(request: number | null): void;
  selectTenant(tenant: number | null): void;
  setRequestFilter(part: Partial<RequestFilter>): void;
  toggleTrack(id: string): void;
  toggleSection(id: string): void;
  setView(part: Partial<ViewState>): void;
}

const THEME_KEY = "goodput.theme";

/** The theme the person chose earlier; "system" where nothing is stored or storage is closed. */
function storedTheme(): Theme {
  try {
    const value = globalThis.localStorage?.getItem(THEME_KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export const INITIAL_VIEW: ViewState = {
  opened: false,
  screen: "workbench",
  sweep: null,
  questions: null,
  cursor: null,
  cursorPinned: false,
  range: null,
  zoom: null,
  selectedReplica: null,
  selectedRequest: null,
  selectedTenant: null,
  fleetMode: "auto",
  fleetSort: "id",
  foldedTracks: [],
  trackOrder: [],
  trackHeights: {},
  theme: storedTheme(),
  appearance: "light",
  requestFilter: { lateOnly: true, tenant: null, replica: null, text: "" },
  railOpen: false,
  openSections: ["traffic", "model", "scheduler", "slos"],
  poolTab: 0,
  phoneTab: "live",
};

const toggled = (list: readonly string[], id: string): readonly string[] =>
  list.includes(id) ? list.filter((other) => other !== id) : [...list, id];

export const useViewStore = create<ViewState & ViewActions>()((set, get) => ({
  ...INITIAL_VIEW,
  hover: (at) => {
    const now = get();
    if (!now.cursorPinned && now.cursor !== at) set({ cursor: at });
  },
  pinCursor: (at) => set({ cursor: at, cursorPinned: true }),
  followLive: () => set({ cursor: null, cursorPinned: false, range: null }),
  setRange: (range) => set({ range }),
  setZoom: (zoom) => set({ zoom }),
  selectReplica: (selectedReplica) => set({ selectedReplica }),
  selectRequest: (selectedRequest) => set({ selectedRequest }),
  selectTenant: (selectedTenant) => set({ selectedTenant }),
  setRequestFilter: (part) => set({ requestFilter: { ...get().requestFilter, ...part } }),
  toggleTrack: (id) => set({ foldedTracks: toggled(get().foldedTracks, id) }),
  toggleSection: (id) => set({ openSections: toggled(get().openSections, id) }),
  setView: (part) => set(part),
}));

/** Remembers the theme for the next visit. */
export function storeTheme(theme: Theme): void {
  try {
    globalThis.localStorage?.setItem(THEME_KEY, theme);
  } catch {
    // Storage may be closed (private mode); the choice then lasts as long as the page.
  }
}
