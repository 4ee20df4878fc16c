// Ranking of texts by what a person typed: every letter in order, better where letters start words or stand together.

export function fuzzyScore(text: string, query: string): number | null {
  const hay = text.toLowerCase();
  const needle = query.toLowerCase().replace(/\s+/g, "");
  if (needle === "") return 0;
  let score = 0;
  let at = -1;
  for (const letter of needle) {
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return null;
    const startsWord = next === 0 || !/[a-z0-9]/.test(hay[next - 1] ?? " ");
    score += next === at + 1 ? 3 : startsWord ? 2 : 0;
    score -= Math.min(3, (next - at - 1) * 0.1);
    at = next;
  }
  return score - hay.length * 0.01;
}

/** Entries that match, best first; in the order given where nothing is typed. */
export function fuzzyFilter<T>(entries: readonly T[], query: string, textOf: (entry: T) => readonly string[]): readonly T[] {
  if (query.trim() === "") return entries;
  const scored: { entry: T; score: number }[] = [];
  for (const entry of entries) {
    const scores = textOf(entry).map((text, i) => {
      const score = fuzzyScore(text, query);
      return score === null ? -Infinity : score - i * 2;
    });
    const score = Math.max(...scores);
    if (score > -Infinity) scored.push({ entry, score });
  }
  return scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}
