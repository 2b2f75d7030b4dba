import { dirname } from 'node:path/posix';
import type { ControlPlane } from '../support/control-plane';

export interface StoredPolicy {
  readonly spec?: object;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const all = '/apis/networking.k8s.io/v1/networkpolicies';
const pathOf = ({ metadata }: StoredPolicy) =>
  `/apis/networking.k8s.io/v1/namespaces/${metadata.namespace}/networkpolicies/${metadata.name}`;

/** Makes these the only policies of their namespaces and of all others but the suite's own. */
export async function replacePolicies({ admin }: ControlPlane, policies: readonly StoredPolicy[]): Promise<void> {
  const before: StoredPolicy[] = (await admin.done('GET', all)).items;
  await Promise.all(
    before
      .filter(
        (old) => old.metadata.namespace !== 'e2e-turn' && !policies.some((policy) => pathOf(policy) === pathOf(old)),
      )
      .map((old) => admin.done('DELETE', pathOf(old))),
  );
  await Promise.all(
    policies.map(async (policy) => {
      const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy };
      // Replaced and not applied: what the server has filled in, as policyTypes, would stay.
      const { status } = await admin.ask('PUT', pathOf(policy), object);
      if (status === 404) await admin.done('POST', dirname(pathOf(policy)), object);
      else if (status >= 300) throw new Error(`PUT ${pathOf(policy)}: ${status}`);
    }),
  );
}
