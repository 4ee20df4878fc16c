// "Did you mean": the known word nearest to a mistyped one.

/** Number of single-letter edits between two words, neighbours swapped counting as one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** The nearest of `known`, or null when none is near: at most a third of the letters differ, or one contains the other. */
export function nearest(word: string, known: readonly string[]): string | null {
  const given = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const contains = given.length > 2 && (other.includes(given) || given.includes(other));
    const distance = contains
      ? Math.min(1, editDistance(given, other)) + Math.abs(given.length - other.length) / 100
      : editDistance(given, other);
    if (distance < bestDistance && (contains || distance <= Math.max(1, Math.floor(Math.max(given.length, other.length) / 3)))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ' Did you mean "x"?' or, when nothing is near, ' Known: a, b, c.' */
export function hint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== null) return ` Did you mean "${near}"?`;
  return known.length === 0 ? "" : ` Known: ${known.join(", ")}.`;
}
