import type { Issue } from '../../model/issue';
import type { Program } from '../../model/program';
import { defaultDenyName, policyName } from '../../targets/names';
import { problem } from './problem';

/** No policy may take the name of another one in its namespace: our own default deny's, or one of another owner. */
export function checkPolicyNames(program: Program): Issue[] {
  const foreign = new Map(program.foreignPolicies.map((p) => [`${p.namespace}/${p.name}`, p] as const));
  const issues: Issue[] = [];
  for (const service of program.services) {
    const { namespace } = service;
    const name = policyName(service);
    const other = foreign.get(`${namespace.name}/${name}`);
    if (name === namespace.defaultDenyName) {
      const message = `policy \`${name}\` of service \`${service.name}\` has the name of the namespace's default deny`;
      issues.push(problem('policy-name-taken', service, message, 'give the service another `name`'));
    } else if (other) {
      const message = `policy \`${name}\` exists in namespace \`${namespace.name}\`, from ${other.source}`;
      issues.push(
        problem('policy-name-taken', service, message, 'rename that policy, or give the service another `name`'),
      );
    }
  }
  for (const namespace of program.namespaces) {
    const other = foreign.get(`${namespace.name}/${namespace.defaultDenyName}`);
    if (other && namespace.defaultDenyName === defaultDenyName) {
      const message = `policy \`${defaultDenyName}\` exists in namespace \`${namespace.name}\`, from ${other.source}`;
      issues.push(problem('policy-name-taken', namespace, message, 'take it over with `Namespace.fromExisting`'));
    }
  }
  return issues;
}
