import type { Issue } from '../../model/issue';
import type { Program } from '../../model/program';
import { groupedBy } from '../grouping';
import { problem } from './problem';

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dnsLabelHint = 'use at most 63 of a-z, 0-9 and `-`, with a letter or digit at both ends (RFC 1123)';

/** Names that become folders, labels and object names are DNS labels, and unique where they must be. */
export function checkNames(program: Program): Issue[] {
  const issues: Issue[] = [];
  const { environments, namespaces, tiers, services } = program;
  for (const item of [...environments, ...namespaces, ...tiers, ...services]) {
    if (!dnsLabel.test(item.name)) {
      issues.push(problem('bad-name', item, `${item.kind} name \`${item.name}\` is no DNS label`, dnsLabelHint));
    }
  }
  const inhabited = new Set(namespaces.map(({ environment }) => environment));
  for (const item of environments) {
    if (inhabited.has(item)) continue;
    const message = `environment \`${item.name}\` has no namespaces, so nothing is written for it`;
    issues.push(problem('empty-environment', item, message, 'declare a Namespace in it, or remove it'));
  }
  for (const same of groupedBy(environments, (e) => e.name).values()) {
    for (const item of same.slice(1)) {
      const message = `environment \`${item.name}\` is declared twice, also as \`${same[0]!.path}\``;
      if (item.path !== same[0]!.path)
        issues.push(problem('duplicate-environment', item, message, 'give one another name'));
    }
  }
  for (const same of groupedBy(namespaces, (n) => `${n.environment.cluster}/${n.name}`).values()) {
    const [first, ...rest] = same;
    for (const item of rest) {
      const message = `namespace \`${item.name}\` is declared twice in one cluster, also as \`${first!.path}\``;
      const hint = `give one another \`name\`, as in \`${item.name}-${item.environment.name}\`, or its environment another \`cluster\``;
      issues.push(problem('duplicate-namespace', item, message, hint));
    }
  }
  for (const item of namespaces) {
    if (item.name.startsWith('kube-') && item.systemNamespace === 'refused') {
      const message = `namespace \`${item.name}\` runs the cluster itself, and would be denied everything that is not declared`;
      issues.push(problem('system-namespace', item, message, "say `systemNamespace: 'managed'` if that is meant"));
    }
  }
  for (const same of groupedBy(tiers, (t) => `${t.namespace.path}/${t.name}`).values()) {
    const [first, ...rest] = same;
    for (const item of rest) {
      if (item.path === first!.path) continue;
      const message = `tier \`${item.name}\` is declared twice in namespace \`${item.namespace.name}\`, also as \`${first!.path}\``;
      issues.push(problem('duplicate-tier', item, message, 'give one of them another name'));
    }
  }
  for (const same of groupedBy(services, (s) => `${s.namespace.path}/${s.name}`).values()) {
    const [first, ...rest] = same;
    for (const item of rest) {
      if (item.path === first!.path) continue;
      const message = `service \`${item.name}\` is declared twice in namespace \`${item.namespace.name}\`, also as \`${first!.path}\``;
      issues.push(problem('duplicate-service', item, message, 'give one of them another name'));
    }
  }
  return issues;
}
