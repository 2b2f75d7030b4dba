import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { CniFacts, CniProfile, Fact } from '../../lib/model/cni-profile';
import { cniProfiles, defaultProfile, profileOf } from '../../lib/model/cni-profiles';

const facts = ({ facts }: CniProfile) => Object.entries(facts) as [keyof CniFacts, Fact<string>][];
const every = cniProfiles.flatMap((profile) => facts(profile).map(([name, fact]) => ({ id: profile.id, name, fact })));
const value = (id: string, name: keyof CniFacts) => profileOf(id)?.facts[name].value;

describe('the list of profiles', () => {
  const ids = cniProfiles.map(({ id }) => id);

  it('has unique ids, sorted', () => {
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('holds a profile for every file of the folder', () => {
    const files = readdirSync(resolve(__dirname, '../../lib/model/cni')).map((file) => file.replace(/\.ts$/, ''));
    expect(files.filter((file) => file !== 'fact').sort()).toEqual(ids);
  });

  it('finds each by its id, and nothing else', () => {
    for (const profile of cniProfiles) expect(profileOf(profile.id)).toBe(profile);
    expect(profileOf('flannel')).toBeUndefined();
    expect(profileOf('')).toBeUndefined();
  });

  it('answers the same questions for each', () => {
    const questions = facts(defaultProfile).map(([name]) => name);
    for (const profile of cniProfiles)
      expect(
        facts(profile)
          .map(([name]) => name)
          .sort(),
      ).toEqual(questions.sort());
  });
});

describe('a fact', () => {
  test.for(every)('$id $name has a source unless it is unknown', ({ fact }) => {
    expect(fact.value === 'unknown' || fact.source !== undefined).toBe(true);
  });

  test.for(every.filter(({ fact }) => fact.source))('$id $name names its source by an https URL', ({ fact }) => {
    const url = new URL(fact.source?.url ?? '');
    expect(url.protocol).toBe('https:');
    expect(url.href).toBe(fact.source?.url);
  });

  test.for(every.filter(({ fact }) => fact.source))('$id $name says in one sentence what it rests on', ({ fact }) => {
    expect(fact.source?.says).toMatch(/^[A-Za-z].*[^.]\.$/);
    expect(fact.source?.says).not.toMatch(/[.?!] [A-Z]/);
  });

  it('that rests on code names the commit', () => {
    const code = every.filter(({ fact }) => fact.source?.url.includes('/blob/'));
    expect(code.length).toBeGreaterThan(50);
    for (const { fact } of code) expect(fact.source?.url).toMatch(/\/blob\/[0-9a-f]{40}\/\S+\.\w+$/);
  });
});

describe('the default profile', () => {
  it('is unknown where the documentation of the API is silent or leaves it to the plugin', () => {
    const open = facts(defaultProfile).filter(([, fact]) => fact.value === 'unknown');
    expect(open.map(([name]) => name).sort()).toEqual([
      'deniesEstablished',
      'ipBlockMatchesNodes',
      'ipBlockMatchesPods',
      'otherProtocols',
      'selectsHostNetworkPods',
    ]);
  });

  it('rests on the documentation of Kubernetes alone', () => {
    const hosts = facts(defaultProfile).flatMap(([, { source }]) => (source ? [new URL(source.url).host] : []));
    expect(new Set(hosts)).toEqual(new Set(['kubernetes.io']));
  });
});

describe('what the plugins are known to differ in', () => {
  test.for([
    ['calico', 'ipBlockMatchesPods', 'yes'],
    ['cilium', 'ipBlockMatchesPods', 'no'],
    ['cilium', 'ipBlockMatchesNodes', 'no'],
    ['cilium', 'deniesEstablished', 'yes'],
    ['calico', 'deniesEstablished', 'no'],
    ['kube-router', 'otherProtocols', 'allowed'],
    ['calico', 'otherProtocols', 'denied'],
    ['azure-npm', 'enforcesIpv6', 'no'],
    ['weave-net', 'enforcesEndPort', 'no'],
    ['ovn-kubernetes', 'enforcesNamedPorts', 'no'],
    ['openshift-sdn', 'enforcesNamedPorts', 'no'],
  ] as const)('%s: %s is %s', ([id, name, expected]) => {
    expect(value(id, name)).toBe(expected);
  });

  it('leaves host-network pods unknown where they are admitted as peers but never isolated', () => {
    expect(value('aws-vpc-cni', 'selectsHostNetworkPods')).toBe('unknown');
    expect(value('ovn-kubernetes', 'selectsHostNetworkPods')).toBe('unknown');
  });

  it('keeps every answer of Calico for Canal but that on IPv6', () => {
    const differing = facts(profileOf('canal')!).filter(([name, fact]) => fact !== profileOf('calico')!.facts[name]);
    expect(differing.map(([name]) => name)).toEqual(['enforcesIpv6']);
  });

  it('takes over for GKE Dataplane V2 only what no setting or version of Cilium decides', () => {
    const differing = facts(profileOf('gke-dataplane-v2')!).filter(
      ([name, fact]) => fact !== profileOf('cilium')!.facts[name],
    );
    expect(differing.map(([, { value }]) => value)).toEqual(differing.map(() => 'unknown'));
    expect(differing.map(([name]) => name)).toContain('ipBlockMatchesNodes');
  });
});
