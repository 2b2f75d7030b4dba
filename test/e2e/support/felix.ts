import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'js-yaml';
import { built } from './binaries';
import type { ControlPlane } from './control-plane';

/** What Felix is started by, its path as `$0`: it writes to these folders what the next Felix would read. */
export const felixScript = 'mount -t tmpfs none /run; mount -t tmpfs none /var/lib; exec "$0"';

/** The rest is off: other ways than iptables, tunnels, IPv6, and whatever would leave the machine. */
const settings = {
  DATASTORETYPE: 'kubernetes',
  IPTABLESBACKEND: 'NFT',
  IPTABLESFILTERDENYACTION: 'Drop', // Reject ends this version, and leaves everything open
  DEFAULTENDPOINTTOHOSTACTION: 'Accept',
  IGNORELOOSERPF: 'true',
  IPV6SUPPORT: 'false',
  XDPENABLED: 'false',
  BPFENABLED: 'false',
  IPINIPENABLED: 'false',
  VXLANENABLED: 'false',
  WIREGUARDENABLED: 'false',
  USAGEREPORTINGENABLED: 'false',
  LOGSEVERITYSCREEN: 'Info',
  LOGSEVERITYSYS: 'none',
  LOGSEVERITYFILE: 'none',
  LOGFILEPATH: 'none',
};

export function felixEnvironment(kubeconfig: string, hostname: string): NodeJS.ProcessEnv {
  const felix = Object.entries({ ...settings, FELIXHOSTNAME: hostname }).map(([key, value]) => [`FELIX_${key}`, value]);
  return { ...Object.fromEntries(felix), KUBECONFIG: kubeconfig };
}

/** What Felix expects to find in the API: Calico's own kinds, the word that it may begin, and its node. */
export async function installCalico({ admin }: ControlPlane, node: string): Promise<void> {
  const folder = join(built('felix'), 'crd');
  for (const name of readdirSync(folder)) {
    const definition = load(readFileSync(join(folder, name), 'utf8'));
    await admin.done('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  const path = '/apis/crd.projectcalico.org/v1/clusterinformations';
  const ready = {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'ClusterInformation',
    metadata: { name: 'default' },
    spec: { datastoreReady: true },
  };
  for (let tries = 0; (await admin.ask('POST', path, ready)).status !== 201; tries++) {
    if (tries > 300) throw new Error("Calico's kinds are not there after half a minute");
    await sleep(100);
  }
  await admin.done('POST', '/api/v1/nodes', { metadata: { name: node } });
}
