// The first thing that runs: theme, first picture, page, then the live run.
import { createRoot } from "react-dom/client";
import { listenToKeys } from "../commands/listen.ts";
import { watchTheme } from "../ui/theme.ts";
import { App } from "./app.tsx";
import { boot } from "./boot.ts";
import { keepForOffline } from "./offline.ts";
import "../ui/tokens.css";
import "../ui/base.css";
import "../ui/field.css";
import "../views/rail/sections.css";
import "./layout.css";
import "./phone.css";

watchTheme();
listenToKeys();
void boot(() => createRoot(document.getElementById("app")!).render(<App />));
keepForOffline();
