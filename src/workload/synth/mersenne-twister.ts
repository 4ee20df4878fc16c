// The Mersenne twister (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998), seeded by one word: the random numbers of numpy's
// RandomState, from which published workloads were made. Everything else draws from the kernel's streams.

const SIZE = 624;
const SHIFT = 397;

export class MersenneTwister {
  protected readonly words = new Uint32Array(SIZE);
  protected next = SIZE;

  constructor(seed: number) {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < SIZE; i++) words[i] = Math.imul(words[i - 1]! ^ (words[i - 1]! >>> 30), 1_812_433_253) + i;
  }

  private twist(): void {
    const { words } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (words[i]! & 0x80000000) | (words[(i + 1) % SIZE]! & 0x7fffffff);
      words[i] = words[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** The next 32 bits. */
  bits(): number {
    if (this.next === SIZE) this.twist();
    let y = this.words[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** Uniform in [0, 1) with 53 bits, as numpy's random_sample. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }
}
