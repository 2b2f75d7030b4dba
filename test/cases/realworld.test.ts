import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../lib/model/issue';
import type { Policy } from '../../lib/model/policy';
import { clusterOfTexts } from '../../lib/read/cluster';
import { casesAt } from '../support/cases';
import { Engines, type Party } from '../support/engines';
import { type Neighbourhood, PodsNearPolicies } from '../support/pods-near-policies';
import { profileNamed } from '../support/profile';

const folder = casesAt();
const realworld = casesAt('realworld');
const apps = casesAt('apps');
const sets = [
  ...(realworld ? foldersIn(realworld) : []),
  ...(apps ? foldersIn(apps) : []),
  ...(casesAt('recipes') ? [casesAt('recipes')!] : []),
];

/** Files that are no manifests of a cluster. */
const refused: Readonly<Record<string, string>> = {
  'recipes/expectations.json': 'what the recipes are expected to do',
  'apps/online-boutique/kustomize/components/without-loadgenerator/delete-loadgenerator.patch.yaml': 'a patch',
  'realworld/redhat-appstudio__infra-deployments/components/policies/development/konflux-rbac/bootstrap-tenant-namespace/.chainsaw-test/resources/actual-existing-resources.yaml':
    'names are expressions, which its test evaluates',
  'realworld/redhat-appstudio__infra-deployments/components/policies/development/konflux-rbac/bootstrap-tenant-namespace/.chainsaw-test/resources/expected-resources.yaml':
    'names are expressions, which its test evaluates',
};

const profiles = ['', 'ipBlockMatchesPods=yes', 'ipBlockMatchesPods=no', 'calico', 'cilium'];
const connectionsPerProfile = 600;

function foldersIn(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

function* filesIn(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(inside);
    else if (/\.(?:ya?ml|json)$/.test(entry.name)) yield inside;
  }
}

/** Files are read one by one: the same object may be in several of them. */
function policiesIn(path: string): { policies: Policy[]; refusedFiles: string[] } {
  const policies: Policy[] = [];
  const refusedFiles: string[] = [];
  for (const file of filesIn(path)) {
    try {
      policies.push(...clusterOfTexts([{ file, text: readFileSync(file, 'utf8') }]).policies);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refusedFiles.push(relative(folder!, file));
    }
  }
  return { policies, refusedFiles };
}

/** Connections along rules, and some between any two pods. */
function questions(near: PodsNearPolicies, engines: Engines) {
  const parties = new Map(engines.cluster.workloads.map((workload) => [workload, engines.podOf(workload)]));
  const partyOf = (end: Neighbourhood['peers'][number]): Party =>
    typeof end === 'string' ? engines.address(end) : parties.get(end)!;
  const alongRule = fc
    .constantFrom(...near.neighbourhoods.filter(({ peers }) => peers.length > 0))
    .chain(({ rule, subjects, peers, ports }) =>
      fc
        .record({
          at: fc.constantFrom(...ports),
          subject: fc.constantFrom(...subjects),
          peer: fc.constantFrom(...peers),
        })
        .map(({ at, subject, peer }) => {
          const [from, to] = rule.direction === 'egress' ? [subject, peer] : [peer, subject];
          return { ...at, source: partyOf(from), destination: partyOf(to) };
        }),
    );
  const anyPod = fc.constantFrom(...parties.values());
  const anywhere = fc.record({
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    port: fc.constantFrom(53, 80, 443, 8000, 8443),
    source: anyPod,
    destination: anyPod,
  });
  const many = near.neighbourhoods.length > 0 ? fc.oneof({ weight: 4, arbitrary: alongRule }, anywhere) : anywhere;
  return fc.sample(many, { seed: 4, numRuns: connectionsPerProfile });
}

describe.skipIf(!folder)('policies of real applications (skipped where ../shared/cases is absent)', () => {
  test('are of 18 repositories, 2 applications and the recipes', () => expect(sets).toHaveLength(21));

  test.for(sets.map((path) => [basename(path), path] as const))('%s: all engines agree', ([, path]) => {
    const { policies, refusedFiles } = policiesIn(path);
    expect(policies).not.toEqual([]);
    const inSet = Object.keys(refused).filter((file) => join(folder!, file).startsWith(`${path}/`));
    expect(refusedFiles.sort()).toEqual(inSet.sort());

    const near = new PodsNearPolicies(policies);
    const differences: string[] = [];
    const seen = new Set<string>();
    for (const profile of profiles) {
      const engines = new Engines(near.cluster, profileNamed(profile));
      for (const { source, destination, protocol, port } of questions(near, engines)) {
        const answers = engines.answers(source, destination, protocol, port);
        for (const decision of Object.values(answers)) seen.add(decision);
        if (answers.openWorld) seen.add('open world');
        if (new Set(Object.values(answers)).size === 1) continue;
        const ends = [source, destination].map(({ end }) => JSON.stringify({ ...end, ports: undefined }, asText));
        differences.push(`${profile}: ${ends.join(' to ')} ${port}/${protocol}: ${JSON.stringify(answers)}`);
      }
    }
    expect(differences).toEqual([]);
    for (const word of ['allowed', 'denied', 'open world']) expect(seen).toContain(word);
  });
});

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
