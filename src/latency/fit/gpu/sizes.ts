// How much of a long work goes into one submit: it learns from the time that the last one took.

/** A submit should take between these, milliseconds: long enough to be worth its start, short enough to heed a cancel. */
const SHORT_MS = 10;
const LONG_MS = 50;

export class Sizes {
  /** Of the next submit. */
  size: number;
  private readonly least: number;
  private readonly most: number;

  constructor(least: number, most: number) {
    this.size = least;
    this.least = least;
    this.most = most;
  }

  took(ms: number): void {
    if (ms < SHORT_MS) this.size = Math.min(2 * this.size, this.most);
    else if (ms > LONG_MS) this.size = Math.max(this.least, this.size >> 1);
  }
}
