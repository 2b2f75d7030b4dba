import { join } from 'node:path';

export function etcdArguments(folder: string, client: string, peer: string): string[] {
  return [
    '--name=e2e',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=e2e=${peer}`,
    '--unsafe-no-fsync', // what a crash of the machine would lose is nothing here
    '--log-level=warn',
  ];
}

/** Files of the folder: tokens.csv and service-accounts.key, which exist, and certificates/, which the server makes. */
export function apiServerArguments(folder: string, etcd: string, port: number): string[] {
  const key = join(folder, 'service-accounts.key');
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--endpoint-reconciler-type=none', // it refuses a loopback address
    '--disable-admission-plugins=ServiceAccount', // without a controller-manager no namespace has one
    '--shutdown-delay-duration=0s',
  ];
}
