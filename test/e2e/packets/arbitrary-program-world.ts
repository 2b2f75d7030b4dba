import { names } from '../../support/arbitrary-program';
import { pod } from '../../support/program';
import { World } from './world';

/** The pods of random programs: each service's, an unnamed one, and strangers; no range of the programs holds their addresses. */
const pods = [
  ...names.map((name, i) => ({ namespace: i < 3 ? 'one' : 'two', name, labels: pod(name).labels! })),
  { namespace: 'one', name: 'unnamed', labels: { 'app.kubernetes.io/name': 'unnamed' } },
  { namespace: 'other', name: 'stranger', labels: {} },
  { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' } },
].map((one, i) => ({ ...one, address: `172.20.0.${i + 1}` }));

export function programWorld(): Promise<World> {
  return World.start({
    namespaces: [...new Set(pods.map(({ namespace }) => namespace))].map((name) => ({ name })),
    pods,
    outside: ['10.1.0.1', '10.2.0.1', '8.8.8.8'],
    ports: { TCP: [53, 80, 90, 91, 1000], UDP: [53, 80] },
  });
}
