/** Kinds of timers, in the order in which they run at equal times. */
export const Timer = { fault: 0, ready: 1, replace: 2, staleness: 3, tick: 4, moved: 5, look: 6 } as const;
