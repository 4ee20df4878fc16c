// A page with nothing but a canvas and a fixed piece of arithmetic per picture: what the machine makes of any page.

/** What runs beside the page: nothing, a worker that computes, one that also fills and lets go memory. */
export const BESIDE = ["nothing", "computing", "allocating"] as const;
export type Beside = (typeof BESIDE)[number];

const KEEP = "held.push(new Float64Array(512)); if (held.length > 20000) held.length = 0;";
const workerCode = (kind: Beside): string => `const held = []; let x = 0;
  setInterval(() => {
    const end = performance.now() + 12;
    while (performance.now() < end) { for (let i = 0; i < 1e4; i++) x += Math.sqrt(i); ${kind === "allocating" ? KEEP : ""} }
  }, 0);`;

let sum = 0;
function compute(count: number): void {
  for (let i = 0; i < count; i++) sum += Math.sqrt(i * sum + 1);
}

function timed(count: number): number {
  const began = performance.now();
  compute(count);
  return performance.now() - began;
}

/** Ten pictures a second for `seconds`, each with `work` milliseconds of arithmetic and a rectangle. */
async function draw(beside: Beside, work: number, seconds: number): Promise<void> {
  const worker = beside === "nothing" ? null : new Worker(URL.createObjectURL(new Blob([workerCode(beside)])));
  // What a core does in that time when it does nothing else: the best of several.
  const best = Math.min(...Array.from({ length: 10 }, () => timed(1e6)));
  const count = Math.round((1e6 * work) / best);
  const canvas = document.body.appendChild(document.createElement("canvas"));
  const context = canvas.getContext("2d");
  const end = performance.now() + seconds * 1000;
  for (let picture = 0; performance.now() < end; picture++)
    await new Promise((resolve) => {
      requestAnimationFrame(() => {
        compute(count);
        context?.fillRect(picture % 300, 10, 5, 100);
        setTimeout(resolve, 80);
      });
    });
  worker?.terminate();
}

export interface EmptyPage {
  readonly draw: typeof draw;
}

Object.assign(globalThis, { emptyPage: { draw } satisfies EmptyPage });
