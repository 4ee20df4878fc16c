// A small hash of text for comparing files between JavaScript engines. Not for security.

/** 64 bits over the UTF-16 units of the text, as two FNV-1a lanes with a murmur3 finaliser. Feed parts in order. */
export class TextHash {
  private low = 0x811c9dc5;
  private high = 0xc2b2ae35;

  add(text: string): void {
    let { low, high } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x5bd1e995) ^ (high >>> 15);
    }
    this.low = low;
    this.high = high;
  }

  hex(): string {
    return finish(this.high) + finish(this.low);
  }
}

function finish(lane: number): string {
  let hash = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
