import { didYouMean } from '../constructs/did-you-mean';
import type { PlacedWorkload } from '../model/cluster';
import type { LabelBox } from '../sets/label-box';

type Labels = Readonly<Record<string, string>>;

/** The change of a selector that makes it pick something, as a question: another value of one key, or another key. */
export function nearestSelector(selector: LabelBox, known: readonly Labels[]): string | undefined {
  const keys = new Set(known.flatMap((labels) => Object.keys(labels)));
  for (const key of selector.keys) {
    const others = selector.renamed((name) => (name === key ? undefined : name));
    const near = known.filter((labels) => others.matches(labels));
    if (near.length === 0) continue;
    for (const value of selector.valuesOf(key) ?? []) {
      const values = [...new Set(near.flatMap((labels) => (Object.hasOwn(labels, key) ? [labels[key]!] : [])))];
      const question = didYouMean(value, values.sort());
      if (question) return question.replace('`', `\`${key}: `);
      // The value is right, and the key is not.
      const same = near.flatMap((labels) => Object.keys(labels).filter((other) => labels[other] === value));
      const [other] = [...new Set(same)].sort();
      if (other !== undefined && !keys.has(key)) return `did you mean \`${other}: ${value}\`?`;
    }
    if (keys.has(key)) continue;
    const question = didYouMean(key, [...keys].sort());
    if (question) return question;
  }
  return undefined;
}

/** As in ``pods are labelled `app=cart` and `app=web` ``: what there is to select, of some workloads. */
export function labelsToString(workloads: readonly PlacedWorkload[], keys: readonly string[]): string {
  const texts = new Set(
    workloads.flatMap(({ podLabels }) => {
      const shown = Object.keys(podLabels).filter((key) => keys.includes(key) || keys.length === 0);
      return shown.length > 0
        ? [
            shown
              .sort()
              .map((key) => `${key}=${podLabels[key]}`)
              .join(','),
          ]
        : [];
    }),
  );
  return [...texts]
    .sort()
    .slice(0, 3)
    .map((text) => `\`${text}\``)
    .join(', ');
}
