// The random numbers of Python's `random` module: runs recorded by Python programs that draw from it can be repeated. A Mersenne twister
// (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998), seeded by a whole number below 2^32 as an array of one.

const SIZE = 624;
const SHIFT = 397;

export class PythonRandom {
  private readonly words = new Uint32Array(SIZE);
  private next = SIZE;

  constructor(seed: number) {
    const { words } = this;
    const mix = (i: number): number => words[i - 1]! ^ (words[i - 1]! >>> 30);
    words[0] = 19_650_218;
    for (let i = 1; i < SIZE; i++) words[i] = Math.imul(mix(i), 1_812_433_253) + i;
    let i = 1;
    const wrap = (): void => {
      if (i < SIZE) return;
      words[0] = words[SIZE - 1]!;
      i = 1;
    };
    for (let k = 0; k < SIZE; k++) {
      words[i] = (words[i]! ^ Math.imul(mix(i), 1_664_525)) + seed;
      i++;
      wrap();
    }
    for (let k = 1; k < SIZE; k++) {
      words[i] = (words[i]! ^ Math.imul(mix(i), 1_566_083_941)) - i;
      i++;
      wrap();
    }
    words[0] = 0x80000000;
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
  private word(): number {
    if (this.next === SIZE) this.twist();
    let y = this.words[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** random.randrange(below), for 1 to 2^31. */
  below(below: number): number {
    const bits = 32 - Math.clz32(below);
    let drawn = this.word() >>> (32 - bits);
    while (drawn >= below) drawn = this.word() >>> (32 - bits);
    return drawn;
  }
}
