// The command line beside the page: what it prints.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

export const cli = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], { cwd: root, maxBuffer: 1e8 }, (error, out, err) => {
      if (error === null) resolve(out);
      else reject(new Error(err));
    });
  });
