/** closestName: the name that was probably meant. */

/** The candidate with the fewest typing errors, if there are few enough for the word's length; first one wins. */
export function closestName(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = distanceBetween(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, counted no further than `limit`. */
function distanceBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      const substituted = (previous[column - 1] ?? limit) + change;
      const inserted = (current[column - 1] ?? limit) + 1;
      const deleted = (previous[column] ?? limit) + 1;
      current.push(Math.min(substituted, inserted, deleted));
    }
    previous = current;
  }
  return Math.min(limit, previous.at(-1) ?? limit);
}
