/** The texts in ascending order: the list itself if it is in that order, as most are, since sorting costs more than looking. */
export function sorted(texts: readonly string[]): readonly string[] {
  for (let i = 1; i < texts.length; i++) {
    if (texts[i]! < texts[i - 1]!) return [...texts].sort();
  }
  return texts;
}
