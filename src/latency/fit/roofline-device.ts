// Where the planes of a roofline are searched: on a GPU when there are many starts, else on the processor. A GPU that fails leaves the searches that it has not done to the processor.
import type { Pace } from "./pace.ts";
import { searchesOf } from "./roofline-form.ts";
import type { FoundPlanes } from "./roofline-search.ts";
import type { FitDevice } from "./session-types.ts";
import type { Measurements } from "./types.ts";

/** Up to so many starts the processor is done before the kernels are compiled. */
const FEW_STARTS = 500;

export interface SearchOptions {
  readonly starts: number;
  readonly device: FitDevice;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** A search is done: so many of so many. */
  readonly onProgress: (done: number, total: number) => void;
  readonly onAdapter: (name: string) => void;
  /** The GPU was not used, or was left: one sentence. */
  readonly onLine: (line: string) => void;
}

/** What the searches of a fit led to, in their order, as far as a GPU has done them; none for one that the processor does itself. */
export async function searchesOnGpu(data: Measurements, pace: Pace, options: SearchOptions): Promise<(readonly FoundPlanes[])[]> {
  const { starts, device, now } = options;
  const found: (readonly FoundPlanes[])[] = [];
  if (device === "cpu" || starts <= FEW_STARTS) return found;
  const searches = searchesOf(data);
  if (searches.length === 0) return found;
  const { Device, GpuGone, findAdapter } = await import("./gpu/device.ts");
  const adapter = await findAdapter((globalThis.navigator as Partial<Navigator> | undefined)?.gpu);
  if (adapter === null || (device === "auto" && adapter.software)) {
    if (device === "gpu") options.onLine("There is no GPU that this browser offers: planes are searched on the CPU.");
    return found;
  }
  let end = (): void => undefined;
  try {
    const opened = await Device.open(adapter);
    end = () => opened.end();
    const { RooflineSearches } = await import("./gpu/roofline.ts");
    const gpu = new RooflineSearches(opened);
    options.onAdapter(adapter.name);
    for (const { table, planes } of searches) {
      found.push(await gpu.search(table, planes, starts, pace, now));
      options.onProgress(found.length, searches.length);
    }
  } catch (error) {
    if (!(error instanceof GpuGone)) throw error;
    options.onLine(`GPU left after search ${found.length} of ${searches.length} for planes (${error.message}): the CPU does the others.`);
  } finally {
    end();
  }
  return found;
}
