import type { Place } from '../../model/issue';
import { type LabelRole, LabelScheme, labelRoles } from '../../model/label-scheme';
import { deployment, documents, namespace } from '../examples';
import type { LintRule } from '../rule';

const settings = {
  scheme: new LabelScheme({
    name: 'app',
    team: 'team',
    required: ['name'],
    allowed: { team: ['storefront', 'payments'] },
  }),
};
const nameless = `apiVersion: v1
kind: Pod
metadata: { name: debug, namespace: shop, labels: { run: debug } }
spec: { containers: [{ name: debug, image: debug }] }
`;

export const noLabelSchemeViolation: LintRule = {
  id: 'no-label-scheme-violation',
  group: 'consistency',
  severity: 'warning',
  wrong: 'a workload or namespace lacks a label that the label scheme requires, or has a value that it does not allow',
  why: 'Policies are only as good as the labels that they select by: pods outside the scheme are missed by them, or picked by the wrong ones.',
  todo: 'label it as the scheme says, or widen the scheme in the settings',
  references: [
    {
      name: 'Kubernetes, recommended labels',
      url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
    },
  ],
  good: [
    { yaml: documents(namespace('shop', 'team: storefront'), deployment('web')), settings },
    // No scheme is set: any labels will do.
    { yaml: nameless },
  ],
  bad: [
    { yaml: nameless, settings, at: [''] },
    { yaml: namespace('shop', 'team: store'), settings, at: ['metadata.labels'] },
  ],
  *check({ cluster, settings: { scheme } }) {
    const problems = (labels: Readonly<Record<string, string>>, asked: readonly LabelRole[]) =>
      labelRoles.flatMap((role): string[] => {
        const key = scheme.keys[role];
        const value = Object.hasOwn(labels, key) ? labels[key]! : undefined;
        if (value === undefined) return asked.includes(role) ? [`has no label \`${key}\``] : [];
        const allowed = scheme.allowed[role];
        return !allowed || allowed.includes(value)
          ? []
          : [`has \`${key}: ${value}\`, which is none of ${allowed.map((v) => `\`${v}\``).join(', ')}`];
      });
    for (const { kind, namespace: home, name, podLabels, place } of cluster.workloads) {
      const found = problems(podLabels, scheme.required);
      if (found.length > 0) yield { message: `${kind} \`${home}/${name}\` ${found.join(', and ')}`, place };
    }
    for (const { name, labels, source, place } of cluster.namespaces) {
      const found = source === 'given' ? problems(labels, []) : [];
      if (found.length > 0) yield { message: `namespace \`${name}\` ${found.join(', and ')}`, place: labelsOf(place) };
    }
  },
};

function labelsOf(place: Place | undefined): Place {
  return place && 'at' in place ? (place as { at(field: string): Place } & Place).at('metadata.labels') : (place ?? {});
}
