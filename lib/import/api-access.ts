import type { AnyObject } from '../read/documents';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';

/** Whether the pods of a workload may have business with the API server, and why that is said. */
export interface ApiAccess {
  readonly use: 'possible' | 'unlikely';
  readonly text: string;
}

/** Every cluster lets everybody have these, to look around by: Kubernetes, reference, default roles and role bindings. */
const discoveryRoles: ReadonlySet<string> = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);
const groupsOfAll: ReadonlySet<string> = new Set(['system:serviceaccounts', 'system:authenticated']);

interface Identity {
  readonly namespace: string;
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Collects what tells which workloads the API server would let do anything: the ServiceAccounts that they run as, whether they get its
 * token, and who is bound to roles.
 */
export class ApiAccessReading {
  /** Those that are given, and whether pods get their token unless they say otherwise. */
  private readonly accounts = new Map<string, 'mounted' | 'withheld'>();
  private readonly bound = new Set<string>();
  private readonly workloads = new Map<string, { readonly spec: Fields; readonly namespace: string }>();

  object(object: AnyObject, { namespace, name }: Identity): void {
    if (object.kind === 'ServiceAccount') {
      const isWithheld = object['automountServiceAccountToken'] === false;
      this.accounts.set(`${namespace}/${name}`, isWithheld ? 'withheld' : 'mounted');
    } else if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
      const role = fieldsOf(object['roleRef']);
      const isDiscovery = role['kind'] === 'ClusterRole' && discoveryRoles.has(textOf(role['name']));
      for (const subject of itemsOf(object['subjects']).map(fieldsOf)) {
        const own = textOf(subject['name']);
        // A ServiceAccount is a user of a name of its own: Kubernetes, reference, service account tokens.
        const [, space, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(own) ?? [];
        if (subject['kind'] === 'ServiceAccount') this.bound.add(`${textOf(subject['namespace']) || namespace}/${own}`);
        else if (account !== undefined) this.bound.add(`${space}/${account}`);
        else if (groupsOfAll.has(own) && !isDiscovery) this.bound.add('*');
        else if (own.startsWith('system:serviceaccounts:')) this.bound.add(`${own.slice(own.lastIndexOf(':') + 1)}/*`);
      }
    }
  }

  /** @param spec of its pods */
  workload(key: string, namespace: string, spec: Fields): void {
    this.workloads.set(key, { spec, namespace });
  }

  result(): ReadonlyMap<string, ApiAccess> {
    return new Map([...this.workloads].map(([key, { spec, namespace }]) => [key, this.accessOf(spec, namespace)]));
  }

  private accessOf(spec: Fields, namespace: string): ApiAccess {
    const name = textOf(spec['serviceAccountName']) || textOf(spec['serviceAccount']) || 'default';
    const key = `${namespace}/${name}`;
    const given = this.accounts.get(key);
    const automount = spec['automountServiceAccountToken'];
    const isWithheld = automount === undefined ? given === 'withheld' : automount === false;
    if (isWithheld && !projectsToken(spec)) {
      return { use: 'unlikely', text: `it gets no token of its ServiceAccount ${name}` };
    }
    const isBound = [key, `${namespace}/*`, '*'].some((subject) => this.bound.has(subject));
    if (!isBound && (given !== undefined || name === 'default')) {
      return { use: 'unlikely', text: `no role is bound to its ServiceAccount ${name} in the input` };
    }
    return { use: 'possible', text: `as ServiceAccount ${name} it may use the API server, whose address is not known` };
  }
}

function projectsToken(spec: Fields): boolean {
  return itemsOf(spec['volumes']).some((volume) =>
    itemsOf(fieldsOf(fieldsOf(volume)['projected'])['sources']).some(
      (source) => fieldsOf(source)['serviceAccountToken'] !== undefined,
    ),
  );
}
