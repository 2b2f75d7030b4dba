import { didYouMean } from '../../constructs/did-you-mean';
import { type PlacedWorkload, workloadToString } from '../../model/cluster';
import { policyToString } from '../../model/policy';
import type { Protocol } from '../../sets/port-set';
import { deployment, documents, policy } from '../examples';
import { namedPorts } from '../named-ports';
import type { LintRule } from '../rule';

const onPort = (port: string) =>
  documents(
    deployment('web', '{ name: http, containerPort: 8080 }'),
    policy(
      'web',
      `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]\ningress: [{ ports: [{ port: ${port} }] }]`,
    ),
  );

/** Whether an app says that the containers of a service have it, and not as which number. */
function declares({ portNames = [] }: PlacedWorkload, name: string, protocol: Protocol): boolean {
  return portNames.some((port) => port.name === name && port.protocol === protocol);
}

export const noUnknownNamedPort: LintRule = {
  id: 'no-unknown-named-port',
  group: 'matching',
  severity: 'warning',
  wrong: 'a port is given by a name that no container there declares',
  why: 'A name is looked up in the containers of the destination, by name and protocol. Where none has it, the rule opens no port.',
  todo: 'write the name as the container declares it, or the number',
  references: [
    {
      name: 'NetworkPolicyPort, port',
      url: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec',
    },
  ],
  good: [
    { yaml: onPort('http') },
    { yaml: onPort('8080') },
    // Pods of namespaces that are not in the input may declare it.
    {
      yaml: documents(
        deployment('web', '{ name: http, containerPort: 8080 }'),
        policy(
          'web',
          'podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: dns, protocol: UDP }] }]',
        ),
      ),
    },
  ],
  bad: [{ yaml: onPort('web'), at: ['spec.ingress[0].ports[0].port'] }],
  *check(context) {
    for (const { policy, name, protocol, place, destinations, known } of namedPorts(context)) {
      if (known === 'some' || destinations.some((pods) => declares(pods, name, protocol))) continue;
      const ports = destinations.flatMap((workload) => workload.ports);
      if (ports.some((port) => port.name === name && port.protocol === protocol)) continue;
      const other = ports.find((port) => port.name === name);
      const names = [...new Set(ports.flatMap((port) => (port.name && port.protocol === protocol ? [port.name] : [])))];
      const who =
        destinations.length === 1 ? `\`${workloadToString(destinations[0]!)}\`` : `${destinations.length} workloads`;
      const declared = names
        .sort()
        .slice(0, 5)
        .map((known) => `\`${known}\``);
      yield {
        message: `policy \`${policyToString(policy)}\` opens port \`${name}/${protocol}\` of ${who}, where no container has a port of that name`,
        place,
        hint: other
          ? `it is a port of protocol ${other.protocol}: write \`protocol: ${other.protocol}\``
          : (didYouMean(name, names) ??
            (names.length > 0
              ? `use one of ${declared.join(', ')}, or a number`
              : 'write the number, or name the port in the container')),
      };
    }
  },
};
