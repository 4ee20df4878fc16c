// @ts-check
// npm start: installs what is missing, builds what is stale, serves the page, and opens it where there is a display.
// Options: --port N (default 4173, or the next free one), --no-open.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { root } from "./lib/run.mjs";
import { serveFolder } from "./lib/static-server.mjs";

const args = process.argv.slice(2);
const port = args.includes("--port") ? Number(args[args.indexOf("--port") + 1]) : Number(process.env["PORT"] ?? 4173);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port ${args[args.indexOf("--port") + 1]}: a port is a whole number from 0 to 65535.`);
  process.exit(2);
}

/** The program that opens an address on this machine, or null where there is nobody to see it. */
function opener() {
  if (process.env["CI"] || args.includes("--no-open")) return null;
  if (process.platform === "darwin") return { program: "open", before: [] };
  if (process.platform === "win32") return { program: "cmd", before: ["/c", "start", ""] };
  return process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"] ? { program: "xdg-open", before: [] } : null;
}

await ensureInstalled();
const built = await ensureBuilt({ onStart: () => console.log("Building ...") });
if (!built.ok) {
  console.error(built.output);
  console.error("The build failed; the output above says where.");
  process.exit(1);
}
const server = await serveFolder(join(root, "dist"), { port, tries: 50 });
console.log(`Goodput is at ${server.address}  (Ctrl+C ends it)`);
const open = opener();
if (open !== null) {
  const child = spawn(open.program, [...open.before, server.address], { stdio: "ignore", detached: true });
  // A machine without such a program still has the address above.
  child.on("error", () => undefined);
  child.unref();
}
