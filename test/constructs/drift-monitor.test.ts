import { App, Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { DriftMonitor, type DriftMonitorProps, Environment, Namespace, Peer } from '../../lib';
import { clusterRules } from '../../lib/cluster/rbac';

interface AnyObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: whatever is written
  readonly [field: string]: any;
}

function written(props: Partial<DriftMonitorProps> = {}): AnyObject[] {
  const app = new App();
  const chart = new Chart(app, 'monitor');
  const environment = new Environment(chart, 'production', { apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 } });
  const namespace = new Namespace(environment, 'tierwall', { team: 'platform' });
  new DriftMonitor(chart, 'drift-monitor', { namespace, image: 'registry.example/drift:1', ...props });
  return Testing.synth(chart) as AnyObject[];
}

const one = (objects: readonly AnyObject[], kind: string, name?: string) =>
  objects.find((object) => object.kind === kind && (name === undefined || object.metadata.name === name))!;

describe('a drift monitor', () => {
  it('is a Deployment whose pods may do just what watching takes', () => {
    const objects = written();
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Deployment',
      'NetworkPolicy',
      'NetworkPolicy',
      'Role',
      'RoleBinding',
      'ServiceAccount',
    ]);
    expect(one(objects, 'ClusterRole')['rules']).toEqual(clusterRules('watch'));
    const pod = one(objects, 'Deployment')['spec'].template;
    expect(pod.metadata.labels).toEqual({
      'app.kubernetes.io/name': 'drift-monitor',
      'tierwall.dev/environment': 'production',
      'tierwall.dev/team': 'platform',
    });
    expect(pod.spec.containers[0].args.join(' ')).toBe(
      'drift /policies --environment production --watch --output json --listen :8080 --events --lease tierwall/drift-monitor',
    );
  });

  it('reaches the API server and nothing else, and is reached by whoever reads its metrics', () => {
    const { spec } = one(written(), 'NetworkPolicy', 'tierwall-drift-monitor');
    expect(spec.ingress).toBeUndefined();
    expect(spec.egress).toContainEqual({
      to: [{ ipBlock: { cidr: '192.0.2.10/32' } }],
      ports: [{ protocol: 'TCP', port: 6443 }],
    });
    const read = one(written({ metricsTo: Peer.prometheus() }), 'NetworkPolicy', 'tierwall-drift-monitor').spec;
    expect(read.ingress).toHaveLength(1);
    expect(read.ingress[0].ports).toEqual([{ protocol: 'TCP', port: 8080 }]);
  });

  it('that enforces may write policies, and says so in its arguments', () => {
    const objects = written({ enforce: 'on', prune: 'yes', replicas: 1 });
    expect(one(objects, 'ClusterRole')['rules']).toEqual(clusterRules('enforce'));
    expect(one(objects, 'Deployment')['spec'].template.spec.containers[0].args.slice(-3)).toEqual([
      '--enforce',
      'on',
      '--prune',
    ]);
  });

  it('is a mistake without the address of the API server, and with options that it has not', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'monitor');
    const namespace = new Namespace(new Environment(chart, 'production'), 'tierwall');
    new DriftMonitor(chart, 'drift-monitor', { namespace, image: '', replica: 2 } as unknown as DriftMonitorProps);
    let text = '';
    try {
      app.synth();
    } catch (error) {
      text = (error as Error).message;
    }
    expect(text).toContain('`replica`');
    expect(text).toContain('`image` is empty');
    expect(text).toContain('does not say where its API server is');
  });
});
