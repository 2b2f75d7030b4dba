import type { Cluster } from '../../lib/model/cluster';
import { clusterOfObjects } from '../../lib/read/cluster';
import type { Protocol } from '../../lib/sets/port-set';

/** A cluster of named pods, as reachability suites write it down. */
export interface MatrixStep {
  readonly namespaces: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ip: string;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[];
  }[];
  readonly policies: readonly unknown[];
}

/** A row for each source, with one character for each destination in `order`. */
export type Matrix = Readonly<Record<string, string>>;

export interface Cell {
  readonly source: string;
  readonly destination: string;
  readonly expected: string;
}

export function clusterOfStep(step: MatrixStep): Cluster {
  return clusterOfObjects(objectsOfStep(step));
}

export function objectsOfStep({ namespaces, pods, policies }: MatrixStep): unknown[] {
  return [
    ...namespaces.map((metadata) => ({ apiVersion: 'v1', kind: 'Namespace', metadata })),
    ...pods.map(({ namespace, name, labels, ip, ports }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, labels },
      spec: {
        containers: [
          {
            name: 'serve',
            image: 'serve',
            ports: ports.map((p) => ({ name: p.name, containerPort: p.port, protocol: p.protocol })),
          },
        ],
      },
      status: { podIP: ip },
    })),
    ...policies,
  ];
}

export function cellsOf(matrix: Matrix, order: readonly string[]): Cell[] {
  return Object.entries(matrix).flatMap(([source, row]) =>
    order.map((destination, i) => ({ source, destination, expected: row[i]! })),
  );
}
