import type { Issue } from '../../model/issue';
import type { NamespaceModel, Program } from '../../model/program';
import { policyName, rawPolicyName } from '../../targets/names';
import { problem } from './problem';

/** A NetworkPolicy that the app itself writes, beside ours. */
export interface TreePolicy {
  readonly cluster: string;
  /** Undefined where it is left to whoever applies it, so that it may be any. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** The construct. */
  readonly source: string;
}

/** No policy may take the name of another one in its namespace: our own default deny's, or one of another owner. */
export function checkPolicyNames(program: Program, tree: readonly TreePolicy[]): Issue[] {
  const read = new Map(program.foreignPolicies.map((p) => [`${p.cluster}/${p.namespace}/${p.name}`, p] as const));
  const written = new Map(tree.map((p) => [`${p.cluster}/${p.namespace ?? ''}/${p.name}`, p] as const));
  const issues: Issue[] = [];
  const inTree = ({ environment: { cluster }, name }: NamespaceModel, policy: string) =>
    written.get(`${cluster}/${name}/${policy}`) ?? written.get(`${cluster}//${policy}`);
  const elsewhere = ({ environment, name }: NamespaceModel, policy: string) =>
    read.get(`${environment.cluster}/${name}/${policy}`);
  const services = new Set(program.services.map((service) => `${service.namespace.path}/${policyName(service)}`));
  const declared = [
    ...program.services.map((service) => [service, policyName(service), 'service'] as const),
    ...program.rawPolicies.map((raw) => [raw, rawPolicyName(raw), 'raw policy'] as const),
  ];
  for (const [item, name, what] of declared) {
    const { namespace } = item;
    const other = inTree(namespace, name) ?? elsewhere(namespace, name);
    if (name === namespace.defaultDenyName) {
      const message = `policy \`${name}\` of ${what} \`${item.name}\` has the name of the namespace's default deny`;
      issues.push(problem('policy-name-taken', item, message, `give the ${what} another \`name\``));
    } else if (item.kind === 'raw-policy' && services.has(`${namespace.path}/${name}`)) {
      const message = `policy \`${name}\` of raw policy \`${item.name}\` is that of service \`${item.name}\``;
      issues.push(problem('policy-name-taken', item, message, 'give the raw policy another `name`'));
    } else if (other) {
      const message = `policy \`${name}\` exists in namespace \`${namespace.name}\`, from ${other.source}`;
      issues.push(
        problem('policy-name-taken', item, message, `rename that policy, or give the ${what} another \`name\``),
      );
    }
  }
  for (const namespace of program.namespaces) {
    const name = namespace.defaultDenyName;
    if (name === 'kustomization') {
      const message = `the default deny would be written to \`${name}.yaml\`, where the list of files of \`${namespace.name}\` belongs`;
      issues.push(problem('file-taken', namespace, message, 'let its owner give that policy another name'));
    }
    const own = inTree(namespace, name);
    if (own) {
      const message = `policy \`${name}\` exists in namespace \`${namespace.name}\`, from ${own.source}`;
      issues.push(
        problem('policy-name-taken', namespace, message, 'remove it: the default deny is written by that name'),
      );
      continue;
    }
    const other = elsewhere(namespace, name);
    if (other && namespace.defaultDenyIs === 'new') {
      const message = `policy \`${name}\` exists in namespace \`${namespace.name}\`, from ${other.source}`;
      issues.push(problem('policy-name-taken', namespace, message, 'take it over with `Namespace.fromExisting`'));
    }
  }
  return issues;
}
