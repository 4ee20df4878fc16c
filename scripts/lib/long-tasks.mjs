// @ts-check
// Long tasks of a page's main thread (over 50 ms by the clock), as the browser's own observer tells of them.

/** @typedef {{ start: number, ms: number }} LongTask `start` is on the page's clock (`performance.now`). */

/**
 * Before the page is opened: it remembers its long tasks.
 * @param {import("playwright-core").Page} page
 */
export async function rememberLongTasks(page) {
  await page.addInitScript(() => {
    /** @type {LongTask[]} */
    const tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, ms: duration });
    }).observe({ type: "longtask", buffered: true });
    Object.assign(globalThis, { longTasks: tasks });
  });
}

/**
 * Milliseconds of those that began after `since`, in order.
 * @param {import("playwright-core").Page} page
 * @param {number} since
 * @returns {Promise<number[]>}
 */
export const longTasksSince = (page, since) =>
  page.evaluate(
    (from) =>
      /** @type {{ longTasks: LongTask[] }} */ (/** @type {unknown} */ (globalThis)).longTasks
        .filter(({ start }) => start > from)
        .map(({ ms }) => ms),
    since,
  );
