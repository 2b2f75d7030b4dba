import { didYouMean } from '../../constructs/did-you-mean';
import { objectToString } from '../../read/field-issue';
import { policy } from '../examples';
import { objectionsTo } from '../objections';
import type { LintRule } from '../rule';

const fields = [
  ...['apiVersion', 'kind', 'metadata', 'spec', 'name', 'namespace', 'labels', 'annotations'],
  ...['podSelector', 'namespaceSelector', 'ipBlock', 'policyTypes', 'ingress', 'egress', 'from', 'to', 'ports'],
  ...['port', 'endPort', 'protocol', 'cidr', 'except', 'matchLabels', 'matchExpressions', 'key', 'operator', 'values'],
];

export const noUnknownField: LintRule = {
  id: 'no-unknown-field',
  group: 'validity',
  severity: 'error',
  wrong: 'a field is not one of the API',
  why: 'Strict clients refuse the object; others drop the field without a word, and a rule without its peers or ports allows everything.',
  todo: 'correct the name of the field, or where it stands',
  references: [
    {
      name: 'Kubernetes field validation',
      url: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    },
  ],
  good: [
    { yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ from: [{ podSelector: {} }] }]') },
  ],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ form: [{ podSelector: {} }] }]'),
      at: ['spec.ingress[0].form'],
    },
  ],
  *check({ objects }) {
    for (const read of objects) {
      const { kind, namespace, name, place } = read;
      for (const { type, field } of objectionsTo(read)) {
        if (type !== 'UnknownField') continue;
        const last = field.slice(field.lastIndexOf('.') + 1);
        const question = didYouMean(last, fields);
        const message = `${objectToString(kind, namespace, name)}: there is no field \`${field}\``;
        yield { message, place: place.at(field), ...(question ? { hint: question } : {}) };
      }
    }
  },
};
