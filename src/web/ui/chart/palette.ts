// Colours for canvas and exports, read once per theme from the same CSS variables that the DOM uses.
import { useSyncExternalStore } from "react";
import { rgb } from "d3-color";
import { interpolateLab } from "d3-interpolate";

export const TOKENS = [
  "paper",
  "rail",
  "inset",
  "raised",
  "line",
  "line-strong",
  "grid",
  "ink",
  "ink-2",
  "ink-3",
  "ghost",
  "on-ink",
  "focus",
  "blue",
  "vermillion",
  "green",
  "purple",
  "orange",
  "sky",
  "yellow",
  "blue-text",
  "vermillion-text",
  "green-text",
  "purple-text",
  "orange-text",
  "sky-text",
  "slo-ok",
  "slo-miss",
  "slo-miss-wash",
  "starting",
  "draining",
  "failed",
  "prefill",
  "decode",
  "waiting",
  "waiting-edge",
  "band-1",
  "band-2",
  "area",
  "ramp-0",
  "ramp-1",
  "ramp-2",
  "ramp-3",
  "ramp-4",
  "ramp-5",
  "ramp-6",
] as const;

/** Colours of the categories, in order (policies, tenants, pools), and of their text. */
export const CATEGORY_COLORS = ["green", "orange", "sky", "purple", "blue", "vermillion", "yellow", "ink"] as const;
export const CATEGORY_TEXT = [
  "green-text",
  "orange-text",
  "sky-text",
  "purple-text",
  "blue-text",
  "vermillion-text",
  "ink-2",
  "ink",
] as const;

const FORCED: Readonly<Record<string, string>> = {
  paper: "Canvas",
  rail: "Canvas",
  inset: "Canvas",
  raised: "Canvas",
  line: "GrayText",
  grid: "Canvas",
  "on-ink": "Canvas",
  ghost: "GrayText",
  "line-strong": "CanvasText",
  focus: "Highlight",
  decode: "Highlight",
  blue: "Highlight",
  area: "Canvas",
  "band-1": "GrayText",
  "band-2": "Canvas",
  waiting: "LinkText",
  "waiting-edge": "LinkText",
  vermillion: "VisitedText",
  "slo-miss": "VisitedText",
  "slo-miss-wash": "Canvas",
  prefill: "CanvasText",
  "ramp-0": "Canvas",
  "ramp-6": "CanvasText",
};

export interface Palette {
  color(token: string): string;
  /** 256 colours of the load ramp as ImageData pixels. */
  readonly ramp: Uint32Array;
  readonly forced: boolean;
}

export function pixel(color: string): number {
  const { r, g, b } = rgb(color);
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}

/** The bent viridis ramp, interpolated in Lab. */
export function rampTable(stops: readonly string[]): Uint32Array {
  const table = new Uint32Array(256);
  const last = stops.length - 1;
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * last;
    const k = Math.min(last - 1, Math.floor(at));
    table[i] = pixel(interpolateLab(stops[k] ?? "#fff", stops[k + 1] ?? "#000")(at - k));
  }
  return table;
}

/** System colours are names; the ramp needs numbers. */
function resolve(color: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return "#888";
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}

export function makePalette(colors: Readonly<Record<string, string>>, forced = false): Palette {
  const stops = [0, 1, 2, 3, 4, 5, 6].map((i) => colors[`ramp-${i}`] ?? "#888888");
  return { color: (token) => colors[token] ?? token, ramp: rampTable(stops), forced };
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const forced = matchMedia("(forced-colors: active)").matches;
  const colors: Record<string, string> = {};
  for (const token of TOKENS) colors[token] = forced ? (FORCED[token] ?? "CanvasText") : style.getPropertyValue(`--${token}`).trim();
  if (forced) {
    const ends = [resolve("Canvas"), resolve("CanvasText")] as const;
    const mix = interpolateLab(ends[0], ends[1]);
    for (let i = 0; i <= 6; i++) colors[`ramp-${i}`] = mix(i / 6);
  }
  return makePalette(colors, forced);
}

let current: Palette | null = null;
const listeners = new Set<() => void>();
let stop: (() => void) | null = null;

function refresh(): void {
  current = readPalette();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!stop) {
    const observer = new MutationObserver(refresh);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
    const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
    for (const query of queries) query.addEventListener("change", refresh);
    window.addEventListener("load", refresh);
    stop = () => {
      observer.disconnect();
      for (const query of queries) query.removeEventListener("change", refresh);
      window.removeEventListener("load", refresh);
    };
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stop?.();
      stop = null;
      current = null;
    }
  };
}

/** Changes identity when the theme does. */
export function usePalette(): Palette {
  return useSyncExternalStore(subscribe, () => (current ??= readPalette()));
}
