// @ts-check
// Serves a folder over HTTP on this machine, optionally under a sub-path. No special headers: the page must work from any static host.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * @param {string} folder
 * @param {{ port?: number, host?: string, base?: string, tries?: number }} [options] `base` begins and ends with a slash. Port 0 takes any
 *   free port; another port that is taken is followed by the next ones, `tries` in all.
 * @returns {Promise<{ address: string, close(): Promise<void> }>}
 */
export function serveFolder(folder, options = {}) {
  const host = options.host ?? "127.0.0.1";
  const base = options.base ?? "/";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = path.startsWith(base) ? join(folder, normalize(path.slice(base.length) || "index.html")) : null;
    const inside = file !== null && (file + sep).startsWith(normalize(folder + sep));
    const found = inside ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (file === null || !found?.isFile()) {
      response.writeHead(404, { "content-type": "text/plain" }).end(`Nothing is served at ${path}.\n`);
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": found.size,
      // File names under assets/ carry a hash of their content.
      "cache-control": path.includes("/assets/") ? "max-age=31536000, immutable" : "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    let port = options.port ?? 0;
    let tries = options.tries ?? 1;
    server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      tries -= 1;
      if (error.code !== "EADDRINUSE" || tries <= 0) reject(error);
      else server.listen((port += 1), host);
    });
    server.on("listening", () => {
      const at = server.address();
      const used = at !== null && typeof at === "object" ? at.port : port;
      resolve({
        address: `http://${host === "127.0.0.1" ? "localhost" : host}:${used}${base}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
    server.listen(port, host);
  });
}
