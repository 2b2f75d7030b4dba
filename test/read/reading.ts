import type { Cluster } from '../../lib/model/cluster';
import { InputError, issueToString } from '../../lib/model/issue';
import type { Policy } from '../../lib/model/policy';
import { clusterOfTexts } from '../../lib/read/cluster';

/** The cluster that one text describes. */
export function clusterOf(text: string, file = 'all.yaml'): Cluster {
  return clusterOfTexts([{ file, text }]);
}

/** What is wrong, a line each; empty if nothing is. */
export function problemsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(issueToString);
    throw error;
  }
}

export async function problemsOfAsync(read: () => Promise<unknown>): Promise<string[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(issueToString);
    throw error;
  }
}

/** A NetworkPolicy of the namespace shop with that spec, as YAML in one line. */
export function policyText(spec: string, name = 'cart'): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
}

/**
 * One line for each direction and rule, as in `ingress[0] from {kubernetes.io/metadata.name=shop} app=web on 80/TCP`; an address block
 * reads `10.0.0.0/8 except 10.1.0.0/16`.
 */
export function meaningOf(policy: Policy): string[] {
  const peers = policy.rules.map(({ peers }) =>
    peers
      .map((peer) => {
        if (peer.kind === 'everyone') return 'everyone';
        if (peer.kind === 'pods') return `{${peer.namespaces}} ${peer.pods}`.trim();
        return [peer.block.cidr, ...peer.block.except].join(' except ');
      })
      .join(' or '),
  );
  return [
    `${policy.isolates.join('+')} of {${policy.pods}}`,
    ...policy.rules.map(({ direction, index, ports }, i) => `${direction}[${index}] ${peers[i]} on ${ports}`),
  ];
}

export function policyOf(spec: string): Policy {
  const [policy] = clusterOf(policyText(spec)).policies;
  if (!policy) throw new Error('there is no policy');
  return policy;
}
