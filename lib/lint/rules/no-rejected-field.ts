import { objectToString } from '../../read/field-issue';
import { fieldErrorToString } from '../../validation/field-error';
import { policy } from '../examples';
import { objectionsTo } from '../objections';
import type { LintRule } from '../rule';

export const noRejectedField: LintRule = {
  id: 'no-rejected-field',
  group: 'validity',
  severity: 'error',
  wrong: 'the API server refuses the object',
  why: 'It cannot be applied, so that whatever it was to allow or deny does not happen; a pipeline stops half-way.',
  todo: 'correct the value as the message says',
  references: [{ name: 'Kubernetes API conventions, validation' }],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ ports: [{ port: 8080 }] }]') }],
  bad: [
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ ports: [{ port: 70000 }] }]'),
      at: ['spec.ingress[0].ports[0].port'],
    },
    {
      yaml: policy('web', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{}] }]'),
      at: ['spec.egress[0].to[0]'],
    },
  ],
  *check({ objects }) {
    for (const read of objects) {
      const { kind, namespace, name, place } = read;
      for (const error of objectionsTo(read)) {
        if (error.type === 'UnknownField') continue;
        const message = `${objectToString(kind, namespace, name)}: ${brief(fieldErrorToString(error))}`;
        yield { message, place: error.field === '' ? place : place.at(error.field) };
      }
    }
  },
};

/** The API server's words without its examples and regular expression. */
function brief(text: string): string {
  return text.split(' (e.g. ')[0]!;
}
