import { InputError, type Issue } from '../model/issue';
import type { LabelSelector } from '../model/network-policy';
import { AnyPort, anyPort, Port } from '../model/port';
import type { Isolation, NamespaceModel, ServiceModel, TierModel } from '../model/program';
import { boxOf } from '../model/selector';
import { type Workload, workloadKinds, workloadToString } from '../model/workload';
import { Origin } from '../origin/origin';
import { Manifests } from '../read/manifests';
import { LabelBox } from '../sets/label-box';
import { GroupConstruct } from './group';
import { LateWorkload, type Made, type WorkloadReading, type WorkloadSource } from './late-workload';
import { checkOptions, checkScope, duplicate, kindOf, placeOf } from './mistakes';
import type { Namespace } from './namespace';
import { labels, list, made, oneOf, options, portsByName, readOptions, selector, show, text } from './options';
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
  /** `all`: the service is every pod of its namespace, also those that other services name. @default those that `labels` or `selector` pick */
  readonly pods?: 'all';
  /**
   * The directions in which the service's pods are denied what is not declared, at least those in which the namespace denies its pods by default.
   * `none`: the service only gives pods a name.
   * @default those that its namespace isolates
   */
  readonly isolates?: Isolation;
  /** Services whose pods may be this one's too, on purpose. @default none: it is an error */
  readonly sharesPodsWith?: readonly Service[];
}

export interface ManifestServiceProps extends Pick<ServiceProps, 'name' | 'isolates' | 'sharesPodsWith'> {
  /** Where the workload is found. */
  readonly manifests: Manifests;
  /** The workload's name. @default the service's name */
  readonly workload?: string;
  /** Needed where workloads of several kinds have one name. @default any */
  readonly kind?: Workload['kind'];
  /** Replaces the container ports that the manifest declares. @default the manifest's */
  readonly ports?: PortsByName | AnyPort;
}

/** Of the options that a service has however it is made. */
export const sharedChecks = {
  name: text(),
  ports: portsByName,
  isolates: oneOf('both', 'ingress', 'egress', 'none'),
  sharesPodsWith: list(made((value) => kindOf(value) === 'service', 'Service', 'give the other Service')),
};
type SharedProps = Pick<ServiceProps, 'name' | 'ports' | 'isolates' | 'sharesPodsWith'>;
const sharedOptions = options<SharedProps>('Service', sharedChecks);
const serviceOptions = options<ServiceProps>('Service', {
  ...sharedChecks,
  labels,
  selector,
  pods: oneOf('all'),
});
const manifestOptions = options<ManifestServiceProps>(
  'Service.fromManifests',
  {
    ...sharedChecks,
    manifests: made((value) => value instanceof Manifests, 'Manifests', 'read them by `Manifests.fromFile(…)`'),
    workload: text(),
    kind: oneOf(...workloadKinds),
  },
  ['manifests'],
);

/** The pods of one service of this app: isolated by default, and opened by intents. */
export class Service extends GroupConstruct {
  /** @internal */
  readonly model: ServiceModel;

  /** @param source what a workload says of itself, read when it is first needed: `tierwall/plus` and `fromManifests` give it */
  constructor(scope: Namespace | Tier, id: string, given: ServiceProps = {}, source?: WorkloadSource) {
    checkScope(scope, 'Service', id, ['namespace', 'tier']);
    const free = freeId(scope, id);
    super(scope, free);
    const registry = Registry.of(this);
    const parent: NamespaceModel | TierModel = scope.model;
    const namespace = parent.kind === 'tier' ? parent.namespace : parent;
    const { path } = this.node;
    const origin = Origin.capture();
    const props = checkOptions(this, { path, origin }, given, serviceOptions);
    const name = props.name ?? id;
    const make = (workload?: WorkloadReading): Made<FromWorkload> => {
      const mistakes: Issue[] = [];
      const mistake = (code: string, message: string, hint: string) =>
        void mistakes.push({ code, message, place: placeOf({ path, origin }), hint });
      const byName = { [namespace.environment.scheme.keys.name]: name };
      const pods = podsOf(props, props.selector ?? workload?.selector, byName, mistake);
      const ports = portsOf(props.ports ?? workload?.ports ?? {}, mistake);
      return { is: { pods, ports, known: workload?.known }, mistakes };
    };
    const tier = parent.kind === 'tier' ? parent : undefined;
    const sharesPodsWith = props.sharesPodsWith ? new Set(props.sharesPodsWith.map((s) => s.node.path)) : nobody;
    const { isolates = namespace.isolates } = props;
    const model = { kind: 'service', path, origin, namespace, tier, name, isolates, sharesPodsWith } as const;
    if (source) {
      const late = new LateWorkload(source, make);
      registry.addLateReading(late.refresh);
      this.model = readWhenAsked(model, late);
    } else {
      const { is, mistakes } = make();
      for (const issue of mistakes) registry.addMistake(issue);
      this.model = { ...model, ...is };
    }
    if (free === id) registry.addService(this.model);
    else registry.addMistake(duplicate('service', id, this.model));
  }

  /** From a workload in existing manifests: its `spec.selector` and its containers' ports. */
  static fromManifests(scope: Namespace | Tier, id: string, props: ManifestServiceProps): Service {
    const { usable } = readOptions(props, manifestOptions);
    const { manifests, kind, name = id, workload: workloadName = name } = usable;
    const issues: Issue[] = [];
    const { model } = scope;
    const namespace = model.kind === 'tier' ? model.namespace : model;
    const workload = found(issues, () => manifests?.workload(kind, workloadName, namespace.name));
    const reading: WorkloadReading = {
      selector: workload?.selector,
      // Any port, so that a workload which is not there is one mistake, and not one more for each of its ports.
      ports: workload ? containerPorts(workload.ports) : anyPort(),
      known: workload && { description: workloadToString(workload), labels: workload.podLabels },
    };
    const shared = readOptions<SharedProps>(props, sharedOptions).usable;
    const service = new Service(scope, id, { ...shared, name }, () => reading);
    checkOptions(service, service.model, props, manifestOptions);
    const registry = Registry.of(service);
    if (workload?.namespace !== undefined && workload.namespace !== namespace.name) {
      const where = `in namespace \`${workload.namespace}\`, and the service is in \`${namespace.name}\``;
      const hint = 'declare the service in the namespace of its workload';
      issues.push({ code: 'other-namespace', message: `${workloadToString(workload)} is ${where}`, place: {}, hint });
    }
    for (const issue of issues) registry.addMistake({ ...issue, place: placeOf(service.model) });
    if (manifests) {
      registry.addImport({ workloads: manifests.workloads, namespace });
      registry.addForeignPolicies(manifests.policies, namespace);
    }
    return service;
  }
}

/** What was looked for, or undefined and what is wrong. */
function found<T>(issues: Issue[], look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    issues.push(...error.issues);
    return undefined;
  }
}

/**
 * Container ports by their name, or by number and protocol where they have none, or one that containers give to different ports: it
 * would be a guess which of them is meant.
 */
export function containerPorts(ports: readonly { name?: string; number: number; protocol: string }[]): PortsByName {
  const meanings = new Map<string, Set<string>>();
  const textOf = ({ number, protocol }: (typeof ports)[number]) => `${number}/${protocol}`;
  for (const port of ports) {
    if (port.name !== undefined) meanings.set(port.name, (meanings.get(port.name) ?? new Set()).add(textOf(port)));
  }
  const keyOf = (port: (typeof ports)[number]) =>
    meanings.get(port.name ?? '')?.size === 1 ? port.name! : textOf(port);
  return Object.fromEntries(ports.map((port) => [keyOf(port), textOf(port)]));
}

type FromWorkload = Pick<ServiceModel, 'pods' | 'ports' | 'known'>;

const nobody: ReadonlySet<string> = new Set();

function readWhenAsked(model: Omit<ServiceModel, keyof FromWorkload>, late: LateWorkload<FromWorkload>): ServiceModel {
  return {
    ...model,
    get pods() {
      return late.value.pods;
    },
    get ports() {
      return late.value.ports;
    },
    get known() {
      return late.value.known;
    },
  };
}

type Report = (code: string, message: string, hint: string) => void;

function parsed(given: unknown): Port | undefined {
  return typeof given === 'string' ? Port.parse(given) : undefined;
}

function podsOf(
  { labels, pods, selector: given }: Pick<ServiceProps, 'labels' | 'pods' | 'selector'>,
  selector: LabelSelector | undefined,
  byName: Labels,
  report: Report,
): LabelBox {
  if (pods === 'all') {
    if (labels || given)
      report('bad-option', '`pods: all` is every pod, and labels pick some', 'leave one of them out');
    return LabelBox.everything;
  }
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
    const port = given instanceof Port ? given : typeof given === 'number' ? Port.tcp(given) : parsed(given);
    const problem = port ? port.problem : `port \`${name}\` is \`${show(given)}\`, which is no port`;
    if (problem) report('bad-port', problem, 'give a number from 1 to 65535, or text as `53/UDP` or `8000-8999/TCP`');
    // An intent that gives the name would be taken to give that number.
    const number = Port.parse(name);
    if (port && number && `${number}` !== `${port}`) {
      report('bad-port', `port name \`${name}\` says ${number}, and the port is ${port}`, 'name it by what it is for');
    }
    if (port) read.set(name, port);
  }
  return read;
}
