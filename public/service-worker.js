// Offline after the first visit, in any folder. Built files carry a hash in their name and never change; the page itself is asked for first
// on the network, so that a new build shows at the next load.
const CACHE = "goodput-1";
const scope = new URL("./", self.location.href);

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Keeps every file of the present build (offline.json names them) and lets go of those of earlier ones. One file at a time, and after each as long again
 * four times: the page is in use meanwhile, and more than a hundred files at once would take the machine from it.
 */
async function keepBuild() {
  const cache = await caches.open(CACHE);
  const answer = await fetch(new URL("offline.json", scope), { cache: "no-cache" });
  if (!answer.ok) return;
  const files = (await answer.json()).map((file) => new URL(file, scope).href);
  for (const file of files) {
    const forever = file.includes("/assets/");
    if (forever && (await cache.match(file))) continue;
    const began = performance.now();
    // One that cannot be had now is asked for again at the next load.
    await cache.add(new Request(file, { cache: forever ? "default" : "no-cache", priority: "low" })).catch(() => undefined);
    await rest(4 * (performance.now() - began));
  }
  const wanted = new Set(files);
  for (const request of await cache.keys()) if (!wanted.has(request.url.split("#")[0])) await cache.delete(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepBuild().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
// The page says when it has loaded: a new build is then kept whole, not only the parts that were opened.
self.addEventListener("message", (event) => {
  if (event.data === "loaded") event.waitUntil(keepBuild().catch(() => undefined));
});

/** Network first, the cache when it fails. */
async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

/** The cache first: for files whose name says what is in them. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== scope.origin || !address.pathname.startsWith(scope.pathname)) return;
  event.respondWith(address.pathname.startsWith(`${scope.pathname}assets/`) ? kept(request) : fresh(request));
});
