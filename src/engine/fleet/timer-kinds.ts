/** Kinds of timers, in the order in which they run at equal times. */
export const Timer = { fault: 0, ready: 1, replace: 2, drain: 3, staleness: 4, tick: 5, moved: 6, look: 7 } as const;
