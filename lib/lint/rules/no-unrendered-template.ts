import { groupedBy } from '../../analysis/grouping';
import { policy } from '../examples';
import type { LintRule } from '../rule';

export const noUnrenderedTemplate: LintRule = {
  id: 'no-unrendered-template',
  group: 'validity',
  severity: 'warning',
  wrong: 'a document is a template or a patch, which means nothing until it is rendered',
  why: 'What it will allow depends on its values, so that nothing was looked at here.',
  todo: 'render it first, as with `helm template chart | tierwall lint -` or `kustomize build | tierwall lint -`, or leave it out',
  references: [{ name: 'helm template', url: 'https://helm.sh/docs/helm/helm_template/' }],
  good: [{ yaml: policy('web', 'podSelector: {}\npolicyTypes: [Ingress]') }],
  bad: [
    {
      yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  {{- include "labels" . }}\n',
      at: [''],
    },
  ],
  // The parts of a file, and the templates of a chart, are rendered together.
  *check({ issues }) {
    const templates = issues.filter(({ code }) => code === 'unrendered-template');
    for (const [first] of groupedBy(templates, ({ place }) => chartOf(place.file ?? '')).values()) {
      if (!first) continue;
      const { message, place, hint } = first;
      yield { message, place, ...(hint ? { hint } : {}) };
    }
  },
};

/** The folder of the templates of a chart, for a file in it; else the file. */
function chartOf(file: string): string {
  return file.replace(/(^|\/)templates\/.*$/, '$1templates');
}
