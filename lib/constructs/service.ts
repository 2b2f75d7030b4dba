import type { LabelSelector } from '../model/network-policy';
import { AnyPort, Port } from '../model/port';
import type { KnownPods, NamespaceModel, ServiceModel, TierModel } from '../model/program';
import { boxOf } from '../model/selector';
import type { Workload } from '../model/workload';
import { Origin } from '../origin/origin';
import type { Manifests } from '../read/manifests';
import { LabelBox } from '../sets/label-box';
import { GroupConstruct } from './group';
import { duplicate, placeOf } from './mistakes';
import type { Namespace } from './namespace';
import type { Labels } from './peer';
import { freeId, Registry } from './registry';
import type { Tier } from './tier';

/** Ports by the name that intents use: a number (TCP), text as `53/UDP` or `8000-8999/TCP`, or a `Port`. */
export type PortsByName = Readonly<Record<string, number | string | Port>>;

export interface ServiceProps {
  /** The service's name in the label scheme and in its policy's name. @default the construct id */
  readonly name?: string;
  /** What the service's pods listen on: container ports, not those of a Kubernetes Service. @default none, so nothing may connect */
  readonly ports?: PortsByName | AnyPort;
  /** Labels that the service's pods carry, and no others' do. @default the label scheme's name label */
  readonly labels?: Labels;
  /** The same as a label selector, with matchExpressions. @default `labels` */
  readonly selector?: LabelSelector;
  /** Services whose pods may be this one's too, on purpose. @default none: it is an error */
  readonly sharesPodsWith?: readonly Service[];
}

export interface ManifestServiceProps extends Pick<ServiceProps, 'name' | 'sharesPodsWith'> {
  /** Where the workload is found. */
  readonly manifests: Manifests;
  /** The workload's name. @default the service's name */
  readonly workload?: string;
  /** Needed where workloads of several kinds have one name. @default any */
  readonly kind?: Workload['kind'];
  /** Replaces the container ports that the manifest declares. @default the manifest's */
  readonly ports?: PortsByName | AnyPort;
}

/** The pods of one service of this app: isolated by default, and opened by intents. */
export class Service extends GroupConstruct {
  /** @internal */
  readonly model: ServiceModel;

  /** @param source what a workload says of itself, read when it is first needed: `tierwall/plus` and `fromManifests` give it */
  constructor(scope: Namespace | Tier, id: string, props: ServiceProps = {}, source?: WorkloadSource) {
    const free = freeId(scope, id);
    super(scope, free);
    const registry = Registry.of(this);
    const parent: NamespaceModel | TierModel = scope.model;
    const namespace = parent.kind === 'tier' ? parent.namespace : parent;
    const name = props.name ?? id;
    const declared = { path: this.node.path, origin: Origin.capture() };
    const mistake = (code: string, message: string, hint: string) =>
      registry.addMistake({ code, message, place: placeOf(declared), hint });
    const byName = { [namespace.environment.scheme.keys.name]: name };
    const read = once((): Pick<ServiceModel, 'pods' | 'ports' | 'known'> => {
      const workload = source?.();
      const selector = props.selector ?? workload?.selector;
      return {
        pods: podsOf(
          { ...(props.labels ? { labels: props.labels } : {}), ...(selector ? { selector } : {}) },
          byName,
          mistake,
        ),
        ports: portsOf(props.ports ?? workload?.ports ?? {}, mistake),
        known: workload?.known,
      };
    });
    if (!source) read();
    this.model = {
      ...declared,
      kind: 'service',
      namespace,
      tier: parent.kind === 'tier' ? parent : undefined,
      name,
      sharesPodsWith: new Set((props.sharesPodsWith ?? []).map((service) => service.node.path)),
      get pods() {
        return read().pods;
      },
      get ports() {
        return read().ports;
      },
      get known() {
        return read().known;
      },
    };
    registry.addService(this.model);
    if (free !== id) registry.addMistake(duplicate('service', id, this.model));
  }

  /** From a workload in existing manifests: its `spec.selector` and its containers' ports. @throws InputError if it is not there */
  static fromManifests(scope: Namespace | Tier, id: string, props: ManifestServiceProps): Service {
    const { manifests, name = id, kind, sharesPodsWith } = props;
    const parent = scope.model;
    const namespace = parent.kind === 'tier' ? parent.namespace : parent;
    const workload = manifests.workload(kind, props.workload ?? name);
    const registry = Registry.of(scope);
    for (const policy of manifests.policies) {
      const owner = policy.namespace ?? namespace.name;
      registry.addForeignPolicy({ namespace: owner, name: policy.name, source: policy.place.file ?? 'the manifests' });
    }
    const { selector } = workload;
    const known = { description: `${workload.kind} ${workload.name}`, labels: workload.podLabels };
    return new Service(
      scope,
      id,
      { name, ...(props.ports ? { ports: props.ports } : {}), ...(sharesPodsWith ? { sharesPodsWith } : {}) },
      () => ({ selector, ports: containerPorts(workload.ports), known }),
    );
  }
}

/** What a workload says of itself. */
export type WorkloadSource = () => {
  /** Undefined: the label scheme's. */
  readonly selector: LabelSelector | undefined;
  readonly ports: PortsByName;
  readonly known: KnownPods | undefined;
};

/** Container ports by their name, or by number and protocol where they have none. */
export function containerPorts(ports: readonly { name?: string; number: number; protocol: string }[]): PortsByName {
  return Object.fromEntries(
    ports.map((port) => [port.name ?? `${port.number}/${port.protocol}`, `${port.number}/${port.protocol}`]),
  );
}

function once<T>(compute: () => T): () => T {
  let value: { readonly is: T } | undefined;
  return () => {
    value ??= { is: compute() };
    return value.is;
  };
}

type Report = (code: string, message: string, hint: string) => void;

function podsOf(props: Pick<ServiceProps, 'labels' | 'selector'>, byName: Labels, report: Report): LabelBox {
  const { labels, selector } = props;
  if (!labels && !selector) return LabelBox.ofLabels(byName);
  try {
    const box = LabelBox.ofLabels(labels ?? {}).intersect(boxOf(selector ?? {}));
    if (box.isEverything)
      report('empty-selector', 'the selector of a service is empty and would be every pod', 'give labels');
    if (box.isEmpty) report('empty-selector', `no pod can match \`${box}\``, 'correct the selector');
    return box;
  } catch (error) {
    report('bad-selector', (error as Error).message, 'use In, NotIn, Exists or DoesNotExist');
    return LabelBox.ofLabels(byName);
  }
}

function portsOf(ports: PortsByName | AnyPort, report: Report): ReadonlyMap<string, Port> | AnyPort {
  if (ports instanceof AnyPort) return ports;
  const read = new Map<string, Port>();
  for (const [name, given] of Object.entries(ports)) {
    const port = given instanceof Port ? given : typeof given === 'number' ? Port.tcp(given) : Port.parse(given);
    const problem = port ? port.problem : `port \`${name}\` is \`${given}\`, which is no port`;
    if (problem) report('bad-port', problem, 'give a number from 1 to 65535, or text as `53/UDP` or `8000-8999/TCP`');
    if (port) read.set(name, port);
  }
  return read;
}
