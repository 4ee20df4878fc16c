// @ts-check
// Programs of this machine: finds them, and installs Debian's packages where that is possible.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.mjs";

/** @param {readonly string[]} paths */
export const firstThatExists = (paths) => paths.find((path) => existsSync(path)) ?? null;

/** @param {string} name */
export const onPath = (name) => firstThatExists((process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)));

const isDebian = () => existsSync("/etc/debian_version") && onPath("apt-get") !== null;
/** What apt-get update complained of; null before the first. */
/** @type {string | null} */
let updateReason = null;

/** What stands before apt-get on this machine: nothing for root, sudo where it asks for no password; null where neither will do. */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  return (await run("sudo", ["-n", "true"])).status === 0 ? ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive"] : null;
}

/** The reason in what apt-get printed: its last error or warning. @param {string} output */
const aptReason = (output) => {
  const lines = output.split("\n").filter((line) => /^[EW]: /.test(line));
  return lines.length > 0 ? `: ${lines.at(-1)?.slice(3)}` : "";
};

/**
 * Installs the first of these Debian packages that exists.
 * @param {readonly string[]} names
 * @returns {Promise<string | null>} Why it could not, or null.
 */
export async function aptInstall(names) {
  if (!isDebian()) return "this is not a Debian system";
  const before = await privilege();
  if (before === null) return `installing it needs root: apt-get install ${names[0]}`;
  /** @param {readonly string[]} args @param {number} timeoutMs */
  const apt = (args, timeoutMs) => {
    const [program = "apt-get", ...rest] = [...before, "apt-get", ...args];
    return run(program, rest, { env: { DEBIAN_FRONTEND: "noninteractive" }, timeoutMs });
  };
  if (updateReason === null) {
    const update = await apt(["update", "-q"], 180_000);
    if (update.status !== 0) return `apt-get update failed${aptReason(update.output)}`;
    // A server that cannot be reached is a warning: old lists may do.
    updateReason = aptReason(update.output);
  }
  let reason = updateReason;
  for (const name of names) {
    const done = await apt(["install", "-y", "-q", "--no-install-recommends", name], 600_000);
    if (done.status === 0) return null;
    reason ||= aptReason(done.output);
  }
  return `apt-get could not install ${names.join(" or ")}${reason}`;
}
