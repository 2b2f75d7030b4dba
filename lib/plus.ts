import type { IConstruct } from 'constructs';
import { checkOptions, placeOf } from './constructs/mistakes';
import type { Namespace } from './constructs/namespace';
import { oneOf, options, readOptions } from './constructs/options';
import { Registry } from './constructs/registry';
import { containerPorts, Service, type ServiceProps, sharedChecks } from './constructs/service';
import type { Tier } from './constructs/tier';
import type { LabelSelector } from './model/network-policy';
import { stableLabels } from './model/volatile-labels';

export { servicePort } from './constructs/service-port';

/** What is asked of a cdk8s-plus workload; those of every edition (-25 and later) have it. */
export interface PlusWorkload extends IConstruct {
  readonly metadata: { readonly namespace?: string };
  readonly podMetadata: {
    toJson(): unknown;
    getLabel(key: string): string | undefined;
    addLabel(key: string, value: string): void;
  };
  readonly containers: readonly {
    readonly ports: readonly { readonly name?: string; readonly number: number; readonly protocol?: string }[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface FromWorkloadProps extends Pick<ServiceProps, 'name' | 'ports' | 'isolates' | 'sharesPodsWith'> {
  /**
   * What selects the pods: the workload's own selector, or the label scheme's labels, which are then put on its pods.
   * @default own
   */
  readonly labels?: 'own' | 'scheme';
}

const workloadOptions = options<FromWorkloadProps>('fromWorkload', {
  ...sharedChecks,
  labels: oneOf('own', 'scheme'),
});

/**
 * A service made from a cdk8s-plus Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod: its selector and its containers' ports,
 * read at synth, so that containers may be added after this call. Jobs and Pods have no selector: the labels that stay the same from release
 * to release select them.
 */
export function fromWorkload(
  scope: Namespace | Tier,
  id: string,
  workload: PlusWorkload,
  props: FromWorkloadProps = {},
): Service {
  const { labels = 'own', ...rest } = readOptions(props, workloadOptions).usable;
  const conflicts = labels === 'scheme' ? addSchemeLabels(scope, rest.name ?? id, workload) : [];
  const service = new Service(scope, id, rest, () => {
    const { labels: podLabels = {} } = workload.podMetadata.toJson() as { labels?: Record<string, string> };
    const ports = workload.containers.flatMap((container) => [...container.ports]);
    return {
      selector: labels === 'scheme' ? undefined : selectorOf(workload, podLabels),
      ports: containerPorts(ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' }))),
      known: { description: describe(workload), labels: podLabels },
    };
  });
  checkOptions(service, service.model, props, workloadOptions);
  const { name } = service.model.namespace;
  const { namespace: home = name } = workload.metadata;
  if (home !== name) {
    const message = `${describe(workload)} is in namespace \`${home}\`, and the service is in \`${name}\``;
    report(service, 'other-namespace', message, 'declare the service in the namespace of its workload');
  }
  for (const conflict of conflicts) {
    report(service, 'label-conflict', conflict, "remove the pods' own label, or leave `labels: 'scheme'` out");
  }
  return service;
}

const describe = (workload: PlusWorkload) => `${workload.constructor.name} \`${workload.node.path}\``;

function report(service: Service, code: string, message: string, hint: string): void {
  Registry.of(service).addMistake({ code, message, place: placeOf(service.model), hint });
}

function selectorOf(workload: PlusWorkload, podLabels: Readonly<Record<string, string>>): LabelSelector {
  const { matchLabels = {}, matchExpressions = [] } = workload;
  const own = { matchLabels, matchExpressions: matchExpressions as NonNullable<LabelSelector['matchExpressions']> };
  const selects = Object.keys(matchLabels).length + matchExpressions.length > 0;
  return selects ? own : { matchLabels: stableLabels(podLabels) };
}

/** Returns what stands in the way: labels of another value, which selectors of the user's may rely on. */
function addSchemeLabels(scope: Namespace | Tier, name: string, workload: PlusWorkload): string[] {
  const { model } = scope;
  const namespace = model.kind === 'tier' ? model.namespace : model;
  const { keys } = namespace.environment.scheme;
  const labels = [
    [keys.name, name],
    [keys.tier, model.kind === 'tier' ? model.name : undefined],
    [keys.team, namespace.team],
    [keys.environment, namespace.environment.name],
  ] as const;
  const conflicts: string[] = [];
  for (const [key, value] of labels) {
    if (value === undefined) continue;
    const own = workload.podMetadata.getLabel(key) ?? value;
    if (own === value) workload.podMetadata.addLabel(key, value);
    else
      conflicts.push(
        `${describe(workload)} labels its pods \`${key}: ${own}\`, where the label scheme says \`${value}\``,
      );
  }
  return conflicts;
}
