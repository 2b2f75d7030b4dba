import { describe, expect, it } from 'vitest';
import type { ConnectivityListing, WorkloadRef } from '../../../lib/model/connectivity-listing';
import { Terms } from '../../../lib/render/connectivity/ends';
import { shop } from './shop';

/** `a:3 b:1` is a namespace a with w0, w1 and w2, and b with w0. */
function listingOf(notation: string): ConnectivityListing {
  const sizes = notation.split(' ').map((part) => part.split(':') as [string, string]);
  const workloads = sizes.flatMap(([namespace, size]) =>
    Array.from({ length: Number(size) }, (_, i) => ({
      ...shop().workloads[0]!,
      id: `${namespace}/w${i}`,
      namespace,
      name: `w${i}`,
    })),
  );
  const namespaces = sizes.map(([name, size]) => ({ name, workloads: Number(size), labels: 'given' as const }));
  return { ...shop(), workloads, namespaces, totals: { namespaces: 0, policies: 0, workloads: workloads.length } };
}

/** The names of all workloads but some. */
function without(notation: string, missing: readonly string[], style: 'exact' | 'with-exceptions'): string {
  const listing = listingOf(notation);
  const refs: WorkloadRef[] = listing.workloads.filter(({ id }) => !missing.includes(id));
  return new Terms(listing, style)
    .of(refs)
    .map(({ text }) => text)
    .join(', ');
}

describe('names of sets of workloads', () => {
  it.for([
    ['all', 'a:3 b:2', '', 'every workload'],
    ['all of a namespace', 'a:3 b:2', 'b/w0 b/w1', 'a/*'],
    ['a namespace with one workload', 'a:3 b:1', 'a/w0 a/w1 a/w2', 'b/w0'],
    ['some', 'a:3 b:2', 'a/w0 a/w2 b/w0', 'a/w1, b/w1'],
    ['few are missing', 'a:9 b:4', 'a/w3', 'every workload but a/w3'],
    ['a namespace is missing', 'a:2 b:2 c:2', 'a/w0 a/w1', 'every workload but a/*'],
    ['two are left', 'a:3', 'a/w2', 'a/w0, a/w1'],
    [
      'few of a namespace are missing',
      'a:9 b:9 c:10',
      'a/w3 b/w0 b/w1 b/w2 b/w3 b/w4 b/w5 b/w6 b/w7 b/w8 c/w1 c/w2 c/w3',
      'a/* but w3, c/* but w1 and w2 and w3',
    ],
  ] as const)('%s', ([, notation, missing, want]) => {
    expect(without(notation, missing.split(' '), 'with-exceptions')).toBe(want);
  });

  it('names no exceptions where each name has to stand for itself', () => {
    expect(without('a:3 b:2', ['a/w0'], 'exact')).toBe('a/w1, a/w2, b/*');
  });

  it('does not take what a filter left for all', () => {
    const listing = { ...listingOf('a:5'), workloads: listingOf('a:4').workloads };
    const terms = new Terms(listing, 'with-exceptions').of(listing.workloads);
    expect(terms.map(({ text }) => text)).toEqual(['a/w0', 'a/w1', 'a/w2', 'a/w3']);
  });
});
