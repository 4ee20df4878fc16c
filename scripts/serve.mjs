// @ts-check
// Serves dist/ under a sub-path, for the browser tests: node scripts/serve.mjs <port> <base>
import { join } from "node:path";
import { root } from "./lib/run.mjs";
import { serveFolder } from "./lib/static-server.mjs";

const [port = "4173", base = "/"] = process.argv.slice(2);
const server = await serveFolder(join(root, "dist"), { port: Number(port), base });
console.log(server.address);
