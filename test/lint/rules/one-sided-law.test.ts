import fc from 'fast-check';
import { expect, test } from 'vitest';
import { podEnd } from '../../../lib/analysis/connectivity/pod-classes';
import { evaluate, portFits } from '../../../lib/analysis/evaluate';
import { LintContext } from '../../../lib/lint/context';
import { oneSided } from '../../../lib/lint/one-sided';
import { defaultSettings } from '../../../lib/lint/settings';
import type { Cluster, PlacedWorkload } from '../../../lib/model/cluster';
import type { CniProfile } from '../../../lib/model/cni-profile';
import type { Direction, Rule } from '../../../lib/model/policy';
import { cluster, portNumbers, profile, protocols } from '../../support/arbitrary-cluster';
import { day } from '../linted';

/** The entries by the definition, connection by connection. */
function expected(
  direction: Direction,
  { workloads, namespaces, policies, unread }: Cluster,
  cni: CniProfile,
): string[] {
  const labels = new Map(namespaces.map(({ name, labels: own }) => [name, own]));
  const ends = new Map(workloads.map((w) => [w, podEnd(w, labels.get(w.namespace)!)]));
  const connections = (destination: PlacedWorkload, source: PlacedWorkload) =>
    protocols.flatMap((protocol) =>
      [...portNumbers, ...destination.ports.map(({ number }) => number)].map((port) => {
        return { source: ends.get(source)!, destination: ends.get(destination)!, protocol, port };
      }),
    );
  const passes = (rule: Rule, subject: PlacedWorkload, other: PlacedWorkload) => {
    const [source, destination] = direction === 'egress' ? [subject, other] : [other, subject];
    const asked = connections(destination, source).filter((connection) => portFits(rule, connection));
    if (source === destination || asked.length === 0) return true;
    return asked.some((connection) => evaluate(connection, policies, cni, unread).decision !== 'denied');
  };
  return policies.flatMap((policy) =>
    policy.rules.flatMap((rule) => {
      const subjects = workloads.filter((w) => w.namespace === policy.namespace && policy.pods.matches(w.podLabels));
      if (rule.direction !== direction || subjects.length === 0) return [];
      return rule.peers.flatMap((peer, i) => {
        if (peer.kind !== 'pods' || peer.pods.isEverything) return [];
        const others = workloads.filter(
          (w) => peer.namespaces.matches(labels.get(w.namespace)!) && peer.pods.matches(w.podLabels),
        );
        const closed = others.some((other) => !subjects.some((subject) => passes(rule, subject, other)));
        return closed
          ? [`${policy.name} spec.${direction}[${rule.index}].${direction === 'ingress' ? 'from' : 'to'}[${i}]`]
          : [];
      });
    }),
  );
}

test.for(['ingress', 'egress'] as const)('one-sided %s is what the evaluator says of each connection', (direction) => {
  let flagged = 0;
  fc.assert(
    fc.property(cluster, profile, (drawn, cni) => {
      const settings = { ...defaultSettings(day), profile: cni };
      const context = new LintContext({ cluster: drawn, objects: [], issues: [], comments: [] }, settings);
      const found = [...oneSided(direction, context)].map(({ message, place }) => {
        return `${/`\w+\/(\w+)`/.exec(message)![1]} ${place.field}`;
      });
      flagged += found.length;
      expect(found).toEqual(expected(direction, drawn, cni));
    }),
    { numRuns: 800 },
  );
  expect(flagged).toBeGreaterThan(10);
});
