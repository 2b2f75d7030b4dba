import { policy } from '../examples';
import type { LintRule } from '../rule';

const codes = new Set(['bad-yaml', 'bad-object', 'refused']);

export const noUnreadableDocument: LintRule = {
  id: 'no-unreadable-document',
  group: 'validity',
  severity: 'error',
  wrong: 'a document is no Kubernetes object that can be read',
  why: 'It is not applied, and what it holds was not looked at here: a policy in it protects nobody.',
  todo: 'correct the document',
  references: [{ name: 'YAML 1.2.2', url: 'https://yaml.org/spec/1.2.2/' }],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    { yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: [\n', at: [''] },
    { yaml: policy('web', 'podSelector: {}').replace('NetworkPolicy', 'Networkpolicy'), at: ['kind'] },
    { yaml: policy('web', 'podSelector: {}').replace('NetworkPolicy', 'NetworkPolicies'), at: ['kind'] },
  ],
  *check({ issues }) {
    for (const { code, message, place, hint } of issues) {
      if (codes.has(code)) yield { message, place, ...(hint ? { hint } : {}) };
    }
  },
};
