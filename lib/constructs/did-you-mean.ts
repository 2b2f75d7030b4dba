/** A question after the one of `known` that `given` is a slip of, or undefined if none is near. */
export function didYouMean(given: string, known: readonly string[]): string | undefined {
  const limit = Math.min(2, given.length - 1);
  let nearest: string | undefined;
  let least = limit + 1;
  for (const word of known) {
    const distance = edits(given.toLowerCase(), word.toLowerCase());
    if (distance < least) [nearest, least] = [word, distance];
  }
  return nearest && `did you mean \`${nearest}\`?`;
}

/** How many letters have to be put in, left out or replaced to get from one word to the other (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
