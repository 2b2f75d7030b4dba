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
    policies.map((policy) =>
      admin.done(
        'PATCH',
        `${pathOf(policy)}?fieldManager=e2e&force=true`,
        { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy },
        'application/apply-patch+yaml',
      ),
    ),
  );
}
