// The random numbers of Python's `random` module: runs recorded by Python programs that draw from it can be repeated. The generator is seeded by a
// whole number below 2^32 as an array of one.
import { MersenneTwister } from "../src/workload/synth/mersenne-twister.ts";

const FIRST_SEED = 19_650_218;

export class PythonRandom extends MersenneTwister {
  constructor(seed: number) {
    super(FIRST_SEED);
    const { words } = this;
    const size = words.length;
    const mix = (i: number): number => words[i - 1]! ^ (words[i - 1]! >>> 30);
    let i = 1;
    const wrap = (): void => {
      if (i < size) return;
      words[0] = words[size - 1]!;
      i = 1;
    };
    for (let k = 0; k < size; k++) {
      words[i] = (words[i]! ^ Math.imul(mix(i), 1_664_525)) + seed;
      i++;
      wrap();
    }
    for (let k = 1; k < size; k++) {
      words[i] = (words[i]! ^ Math.imul(mix(i), 1_566_083_941)) - i;
      i++;
      wrap();
    }
    words[0] = 0x80000000;
  }

  /** random.randrange(below), for 1 to 2^31. */
  below(below: number): number {
    const bits = 32 - Math.clz32(below);
    let drawn = this.bits() >>> (32 - bits);
    while (drawn >= below) drawn = this.bits() >>> (32 - bits);
    return drawn;
  }
}
