// @ts-check
// Child processes for the scripts of this folder. Plain Node: nothing here may need an installed package.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Runs a program in the repository root and collects what it prints.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean, timeoutMs?: number }} [options] `show` passes the output through as it comes.
 * @returns {Promise<{ status: number, stdout: string, output: string }>} `output` has both streams in the order in which they came.
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === "win32" && program !== process.execPath,
    });
    let stdout = "";
    let output = "";
    const timer = options.timeoutMs
      ? setTimeout(() => {
          output += `\n${program} was stopped: it ran for more than ${Math.round((options.timeoutMs ?? 0) / 1000)} s.\n`;
          child.kill("SIGKILL");
        }, options.timeoutMs)
      : undefined;
    child.stdout.on("data", (/** @type {Buffer} */ data) => {
      stdout += data;
      output += data;
      if (options.show) process.stdout.write(data);
    });
    child.stderr.on("data", (/** @type {Buffer} */ data) => {
      output += data;
      if (options.show) process.stderr.write(data);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ status: 127, stdout, output: `${output}${program}: ${error.message}\n` });
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? 1, stdout, output });
    });
  });
}

/**
 * Runs a Node program with this Node.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export const node = (args, options) => run(process.execPath, args, options);

/**
 * Runs npm: the one that started this script where there is one.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export const npm = (args, options) => {
  const cli = process.env["npm_execpath"];
  return cli && /npm-cli\.[cm]?js$/.test(cli) ? node([cli, ...args], options) : run("npm", args, options);
};
