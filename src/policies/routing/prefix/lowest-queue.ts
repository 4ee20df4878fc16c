// Ray Serve's choice of the shortest queue among a few replicas whose queues are known from a cache, or have to be asked for: one round of it, and the
// pauses between rounds (ray-project/ray, serve/_private/request_router).

/** Queue length of a replica, or -1 when it is not known, too old, or full: those are asked. */
export type Known = (replica: number) => number;

export interface Round {
  /** The replica taken, or -1. */
  readonly chosen: number;
  /** Replicas to ask: in the background when one is taken already, else the round waits for them. */
  readonly ask: readonly number[];
}

/** Whoever is known and not full is taken at once, whatever the others may answer; the first of equals wins. */
export function chooseKnown(candidates: readonly number[], known: Known): Round {
  let chosen = -1;
  let least = Infinity;
  const ask: number[] = [];
  for (const replica of candidates) {
    const length = known(replica);
    if (length < 0) ask.push(replica);
    else if (length < least) {
      chosen = replica;
      least = length;
    }
  }
  return { chosen, ask };
}

/** The shortest queue among the answers that is not full, or -1. No answer (null) is no candidate. */
export function chooseAnswered(
  asked: readonly number[],
  answer: (replica: number) => number | null,
  most: (replica: number) => number,
): number {
  let chosen = -1;
  let least = Infinity;
  for (const replica of asked) {
    const length = answer(replica);
    if (length === null || length >= most(replica) || length >= least) continue;
    chosen = replica;
    least = length;
  }
  return chosen;
}

export interface Pauses {
  /** Seconds before the third round; each further one is `multiplier` times as long, up to `longest`. The second follows at once. */
  readonly initial: number;
  readonly multiplier: number;
  readonly longest: number;
}

export const RAY_PAUSES: Pauses = { initial: 0.025, multiplier: 2, longest: 0.5 };

/** Seconds to wait before a round, counted from 0. */
export function pauseBefore(round: number, { initial, multiplier, longest }: Pauses): number {
  if (round < 2) return 0;
  let pause = initial;
  for (let i = 2; i < round && pause < longest; i++) pause *= multiplier;
  return Math.min(pause, longest);
}

/** Seconds that a round waits for answers: it doubles from round to round. */
export function probeDeadline(round: number, first = 0.1, longest = 1): number {
  let deadline = first;
  for (let i = 0; i < round && deadline < longest; i++) deadline *= 2;
  return Math.min(deadline, longest);
}
