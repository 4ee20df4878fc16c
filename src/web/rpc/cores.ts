/** Cores of this machine, as far as the browser tells. */
export const cores = (): number => Math.max(1, navigator.hardwareConcurrency || 2);
