// Keeps the page for visits without a network. Only in a build: a development server changes under the cache.

export function keepForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const start = async (): Promise<void> => {
    try {
      await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}service-worker.js`);
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage("loaded");
    } catch {
      // Some hosts and private windows refuse workers of this kind; the page then needs the network, and nothing else changes.
    }
  };
  // After the first run has begun: keeping files must not slow the first picture.
  addEventListener("load", () => setTimeout(() => void start(), 3000));
}
