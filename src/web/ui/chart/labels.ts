// Direct labels at the right edge of a plot: they push each other apart and stay inside it.

export interface EdgeLabel {
  /** Where the label would like to stand, pixels. */
  readonly y: number;
  readonly label: string;
  readonly value?: string;
  /** Token of the name; the value is ink. */
  readonly color: string;
}

export interface PlacedLabel extends EdgeLabel {
  readonly at: number;
}

/** Pixels between baselines of direct labels. */
export const LABEL_GAP = 12.5;

/**
 * Positions as near as possible to the wished ones (least squares), at least `gap` apart, inside [low, high].
 * When they do not fit, they share the space evenly around its middle. Order by y, ties in the given order.
 */
export function spread(wished: readonly number[], low: number, high: number, gap = LABEL_GAP): number[] {
  const order = wished.map((_, i) => i).sort((a, b) => (wished[a] as number) - (wished[b] as number) || a - b);
  const count = order.length;
  const result = new Array<number>(count);
  const room = high - low;
  if (count > 1 && (count - 1) * gap > room) {
    const middle = (low + high) / 2;
    order.forEach((index, rank) => (result[index] = middle + (rank - (count - 1) / 2) * gap));
    return result;
  }
  // Pool adjacent violators on y - rank x gap, then clamp: the exact least-squares answer with bounds.
  const blocks: { sum: number; size: number }[] = [];
  order.forEach((index, rank) => {
    blocks.push({ sum: (wished[index] as number) - rank * gap, size: 1 });
    for (;;) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (!last || !before || before.sum / before.size <= last.sum / last.size) break;
      blocks.pop();
      before.sum += last.sum;
      before.size += last.size;
    }
  });
  let rank = 0;
  for (const block of blocks) {
    const base = Math.min(high - (count - 1) * gap, Math.max(low, block.sum / block.size));
    for (let k = 0; k < block.size; k++, rank++) result[order[rank] as number] = base + rank * gap;
  }
  return result;
}

export function placeLabels(labels: readonly EdgeLabel[], low: number, high: number, gap = LABEL_GAP): PlacedLabel[] {
  const known = labels.map((label) => (Number.isFinite(label.y) ? label : { ...label, y: high }));
  const at = spread(
    known.map((label) => label.y),
    low,
    high,
    gap,
  );
  return known.map((label, i) => ({ ...label, at: at[i] as number }));
}
