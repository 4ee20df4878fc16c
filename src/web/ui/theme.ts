// Light, dark, or as the system says. The choice stands on <html data-theme>, where tokens.css reads it.
import { storeTheme, useViewStore, type Theme } from "../state/view-store.ts";

const darkSystem = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

function apply(theme: Theme): void {
  const appearance = theme === "system" ? (darkSystem().matches ? "dark" : "light") : theme;
  document.documentElement.dataset["theme"] = appearance;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", appearance === "dark" ? "#17191c" : "#f5f5f2");
  if (useViewStore.getState().appearance !== appearance) useViewStore.setState({ appearance });
}

export function watchTheme(): void {
  apply(useViewStore.getState().theme);
  darkSystem().addEventListener("change", () => apply(useViewStore.getState().theme));
  useViewStore.subscribe((now, before) => {
    if (now.theme === before.theme) return;
    storeTheme(now.theme);
    apply(now.theme);
  });
}

export const THEMES: readonly { readonly id: Theme; readonly label: string }[] = [
  { id: "system", label: "As the system" },
  { id: "light", label: "Light" },
  { id: "dark", label: "Dark" },
];
