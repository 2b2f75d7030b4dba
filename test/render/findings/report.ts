import { lintDescriptors } from '../../../lib/lint/registry';
import type { FindingReport } from '../../../lib/model/finding-report';
import { foundItems } from '../../../lib/read/found-items';
import { linted, ruleNamed } from '../../lint/linted';

const shop = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 10.0.0.1/8
`;

/** What is found in a policy without podSelector, with an inexact CIDR; `text` instead of it if given. */
export function reportOf(text = shop): FindingReport {
  // Two rules alone, so that new ones change nothing here.
  const items = foundItems(linted(text, ['no-host-bits', 'require-pod-selector'].map(ruleNamed)));
  return { command: 'lint', rules: lintDescriptors, items, subject: '1 policy and 0 workloads' };
}

/** A report that says these texts wherever it can. */
export function reportSaying(text: string): FindingReport {
  const [item] = reportOf().items;
  const place = { file: text, line: 2, field: text, construct: text };
  const saying = {
    ...item!,
    message: text,
    hint: text,
    place,
    written: place,
    related: [{ text, place }],
    excerpt: [{ line: 2, text }],
  };
  return { command: 'lint', rules: lintDescriptors, items: [saying], subject: '1 policy' };
}
