// The traffic envelope of InferLine (Crankshaw et al., SoCC 2020), with one window: the highest rate that any window of the recent past had.
// O(1) amortised: a running sum over the window, and a deque of rates that may still become the highest. Windows are (end - window, end], and end
// with an arrival: between arrivals the rate only falls.

/** First in, first out; grows as it must. Plain data, so that it can be part of a policy's state. */
class Column {
  values = new Float64Array(64);
  head = 0;
  length = 0;

  at(position: number): number {
    return this.values[(this.head + position) & (this.values.length - 1)]!;
  }
  push(value: number): void {
    if (this.length === this.values.length) {
      const wide = new Float64Array(2 * this.length);
      for (let i = 0; i < this.length; i++) wide[i] = this.at(i);
      this.values = wide;
      this.head = 0;
    }
    this.values[(this.head + this.length++) & (this.values.length - 1)] = value;
  }
  shift(): number {
    const value = this.at(0);
    this.head = (this.head + 1) & (this.values.length - 1);
    this.length--;
    return value;
  }
}

export class Envelope {
  readonly window: number;
  readonly lookBack: number;
  /** Arrivals of the window that ends with the last arrival. */
  readonly times = new Column();
  readonly tokens = new Column();
  sum = 0;
  /** Ends of windows and their rates, from the highest rate down: an earlier window with no higher rate can never be the highest again. */
  readonly ends = new Column();
  readonly rates = new Column();

  /** Seconds. */
  constructor(window: number, lookBack: number) {
    this.window = window;
    this.lookBack = lookBack;
  }

  /** Times must not decrease. */
  add(time: number, tokens: number): void {
    this.times.push(time);
    this.tokens.push(tokens);
    this.sum += tokens;
    while (this.times.at(0) <= time - this.window) {
      this.times.shift();
      this.sum -= this.tokens.shift();
    }
    const rate = this.sum / this.window;
    while (this.rates.length > 0 && this.rates.at(this.rates.length - 1) <= rate) {
      this.rates.length--;
      this.ends.length--;
    }
    this.rates.push(rate);
    this.ends.push(time);
    this.forget(time);
  }

  /** Highest tokens per second of a window that ended in [now - lookBack, now]; 0 when nothing arrived then. */
  highest(now: number): number {
    this.forget(now);
    return this.rates.length > 0 ? this.rates.at(0) : 0;
  }

  private forget(now: number): void {
    while (this.ends.length > 0 && this.ends.at(0) < now - this.lookBack) {
      this.ends.shift();
      this.rates.shift();
    }
  }
}
