/** Room for a number. */
const longestName = 240;

/** A name for an object that the API server takes (RFC 1123 subdomain), and that no other has. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/\.*-*\.+-*|^-+/g, (dots, at: number) => (at === 0 ? '' : dots.includes('.') ? '.' : '-'))
    .slice(0, longestName)
    .replace(/[-.]+$/, '');
  const name = base === '' ? 'allow' : base;
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}-${n}`)) return `${name}-${n}`;
}
