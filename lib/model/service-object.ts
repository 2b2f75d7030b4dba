import type { Place } from './issue';

/** A Kubernetes Service: a name and ports in front of pods. */
export interface ServiceObject {
  readonly name: string;
  readonly namespace?: string;
  /** The labels of its pods; undefined where it has no selector, and so no pods of its own. */
  readonly selector?: Readonly<Record<string, string>>;
  /** @default ClusterIP */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort: number | string;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  }[];
  readonly place: Place;
}
