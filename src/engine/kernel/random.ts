// Named random streams from one seed. The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand,
// four 32-bit operations a draw, and its state is four integers, so that a run can be saved. Own code because a stream's state must be plain data.

/** A stream of random numbers whose state is plain data. */
export class Random {
  /** The four 32-bit words of the generator. */
  readonly state: Uint32Array;

  constructor(state: Uint32Array) {
    this.state = state;
  }

  /** Next 32 bits, as an unsigned integer. */
  bits(): number {
    const s = this.state as unknown as [number, number, number, number];
    const result = (((s[0] + s[1]) | 0) + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = (((s[2] << 21) | (s[2] >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform integer in [0, n), without bias; n at most 2^32. */
  below(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    let draw = this.bits();
    while (draw >= limit) draw = this.bits();
    return draw % n;
  }
}

/** The stream called `name` of a seed. Streams of other names or seeds are unrelated, so that drawing from one never moves another. */
export function randomStream(seed: number, name: string): Random {
  const state = new Uint32Array(4);
  const text = `${seed}/${name}`;
  for (let word = 0; word < 4; word++) {
    // FNV-1a with a different start per word, then the murmur3 finaliser.
    let hash = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b9);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    state[word] = hash ^ (hash >>> 16);
  }
  const random = new Random(state);
  for (let i = 0; i < 12; i++) random.bits();
  return random;
}
