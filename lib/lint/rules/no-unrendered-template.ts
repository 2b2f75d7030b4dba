import { groupedBy } from '../../analysis/grouping';
import { policy } from '../examples';
import type { LintRule } from '../rule';

export const noUnrenderedTemplate: LintRule = {
  id: 'no-unrendered-template',
  group: 'validity',
  severity: 'warning',
  wrong: 'a document is a template, or changed by a kustomization, and says what it means only once it is rendered',
  why: 'What it will allow depends on values and patches that are not applied here.',
  todo: 'render it first, as with `helm template chart | tierwall lint -` or `kustomize build | tierwall lint -`, or leave it out',
  references: [
    { name: 'helm template', url: 'https://helm.sh/docs/helm/helm_template/' },
    {
      name: 'Kubernetes, Kustomize',
      url: 'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/',
    },
  ],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    {
      yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  {{- include "labels" . }}\n',
      at: [''],
    },
  ],
  // The parts of a file, and the templates of a chart, are rendered together.
  *check({ issues }) {
    const templates = issues.filter(({ code }) => codes.has(code));
    for (const [first] of groupedBy(templates, ({ place }) => chartOf(place.file ?? '')).values()) {
      if (!first) continue;
      const { code, message, place, hint } = first;
      yield { message, place, ...(hint ? { hint } : {}), ...(code === 'renamed' ? { severity: 'info' } : {}) };
    }
  },
};

/** The last: by a kustomization that gives everything other names, in the same way, so that policies mean the same. */
const codes: ReadonlySet<string> = new Set(['unrendered-template', 'not-built', 'renamed-output', 'renamed']);

/** The folder of the templates of a chart, for a file in it; else the file. */
function chartOf(file: string): string {
  return file.replace(/(^|\/)templates\/.*$/, '$1templates');
}
