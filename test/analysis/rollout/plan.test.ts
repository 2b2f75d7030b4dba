import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { evaluate } from '../../../lib/analysis/evaluate';
import { Universe } from '../../../lib/analysis/open-world/universe';
import { planRollout } from '../../../lib/analysis/rollout/plan';
import { after, type Step, stepToString } from '../../../lib/analysis/rollout/step';
import { defaultProfile } from '../../../lib/model/cni-profiles';
import type { Connection, PodEnd } from '../../../lib/model/connection';
import type { Policy } from '../../../lib/model/policy';
import { clusterOfTexts } from '../../../lib/read/cluster';
import { cluster as arbitraryCluster, portNumbers, protocols } from '../../support/arbitrary-cluster';

const universe = new Universe(new Map([['shop', { 'kubernetes.io/metadata.name': 'shop' }]]), 'told-apart');

/** `name: selector from peers to peers`, as in `cart: app=cart from web`; `deny` alone isolates all. */
function policies(...lines: readonly string[]): readonly Policy[] {
  const peers = (names: string) =>
    names
      .split(',')
      .map((name) => `{podSelector: {matchLabels: {app: ${name}}}}`)
      .join();
  const text = lines.map((line) => {
    const [, name, app, from, to] = /^(\w+)(?:: (\w+)(?: from ([\w,]+))?(?: to ([\w,]+))?)?$/.exec(line)!;
    const selector = app ? `{matchLabels: {app: ${app}}}` : '{}';
    const rules = `${from ? `, ingress: [{from: [${peers(from)}]}]` : ''}${to ? `, egress: [{to: [${peers(to)}]}]` : ''}`;
    return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: ${selector}, policyTypes: [Ingress, Egress]${rules}}\n`;
  });
  return clusterOfTexts([{ file: 'all.yaml', text: text.join('---\n') }]).policies;
}

function plan(live: readonly Policy[], write: readonly Policy[], remove: readonly string[] = []): string[] {
  const steps = planRollout(
    { namespace: 'shop', live, write, remove: live.filter(({ name }) => remove.includes(name)) },
    universe,
  );
  return steps.map((step) => `${stepToString(step)}${step.cuts ? ` cuts ${step.cuts}` : ''}`.replaceAll('shop/', ''));
}

describe('the order of writing', () => {
  it('keeps a copy of what is replaced where that isolates pods that others isolate only later', () => {
    const live = policies('a: cart', 'b: web');
    const copied = plan(live, policies('a: web', 'b: cart'));
    expect(copied).toEqual([
      'copy a to tierwall-until-applied-1 for now',
      'write a',
      'write b',
      'delete tierwall-until-applied-1',
    ]);
  });

  it('opens before it isolates, where nothing is isolated yet', () => {
    expect(plan([], policies('deny', 'cart: cart from web', 'web: web to cart'))).toEqual([
      'write cart',
      'write web',
      'write deny',
    ]);
  });

  it('removes isolation after everything else, but before what its pods would then lack', () => {
    const live = policies('deny', 'cart: cart from web', 'web: web to cart');
    expect(plan(live, policies('job: job'), ['web'])).toEqual(['write job', 'delete web']);
    expect(plan(live, [], ['deny', 'cart', 'web'])).toEqual(['delete deny', 'delete cart', 'delete web']);
  });

  it('opens with one policy what another one no longer opens, before that one closes it', () => {
    const live = policies('deny', 'a: cart from web');
    expect(plan(live, policies('a: cart from other', 'b: cart from web'))).toEqual(['write b', 'write a']);
  });

  it('lets one policy hold the rules of another one for pods of both, where they are not isolated yet', () => {
    const write = policies('one: cart from web', 'two: cart from job');
    expect(plan([], write)).toEqual(['write one, with the rules of two for now', 'write two', 'write one']);
  });

  it('writes at once what is isolated already', () => {
    expect(plan(policies('deny'), policies('one: cart from web', 'two: cart from job'))).toEqual([
      'write one',
      'write two',
    ]);
  });

  it('opens to everyone before it stops doing so elsewhere: every pod and address is not every node', () => {
    const open = (name: string, from: string) =>
      clusterOfTexts([
        {
          file: 'all.yaml',
          text: `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [${from}]}\n`,
        },
      ]).policies;
    const each = "{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}";
    expect(plan(open('a', '{}'), [...open('a', each), ...open('b', '{}')])).toEqual(['write b', 'write a']);
  });

  it('swaps what two policies open without cutting it', () => {
    const live = policies('deny', 'a: cart from web', 'b: cart from job');
    expect(plan(live, policies('a: cart from job', 'b: cart from web'))).toEqual([
      'write a, with the rules of b for now',
      'write b',
      'write a',
    ]);
  });
});

test('wherever it is broken off, nothing is open that is closed before and after, and nothing is cut that the step does not name', () => {
  let [checked, bridges, copies, cuts] = [0, 0, 0, 0];
  fc.assert(
    fc.property(arbitraryCluster, arbitraryCluster, fc.infiniteStream(fc.boolean()), (one, other, coins) => {
      const own = (list: readonly Policy[], prefix: string) =>
        list.map((policy, i) => ({ ...policy, namespace: 'a', name: `${prefix}${i}` }));
      const coin = () => coins.next().value as boolean;
      const live = own(one.policies, 'p');
      const write = own(other.policies, coin() ? 'p' : 'q');
      const remove = live.filter(({ name }) => !write.some((policy) => policy.name === name) && coin());
      const labels = new Map(one.namespaces.map((n) => [n.name, n.labels] as const));
      const steps = planRollout({ namespace: 'a', live, write, remove }, new Universe(labels, 'told-apart'));
      let state: readonly Policy[] = live;
      const states = steps.map((step) => {
        state = after(state, step);
        return [step, state] as const;
      });
      const kept = live.filter(({ name }) => ![...write, ...remove].some((policy) => policy.name === name));
      expect(new Set(state)).toEqual(new Set([...kept, ...write]));
      for (const step of steps) {
        if (step.kind === 'write' && step.bridging.length > 0) bridges++;
        if (step.cuts) cuts++;
        if (step.kind === 'copy') copies++;
      }
      const pods = one.workloads.map(
        (w): PodEnd => ({
          kind: 'pod',
          namespace: w.namespace,
          namespaceLabels: labels.get(w.namespace)!,
          labels: w.podLabels,
          ports: w.ports,
          network: 'pod',
          addresses: [],
        }),
      );
      const profile = {
        ...defaultProfile,
        facts: { ...defaultProfile.facts, ipBlockMatchesPods: { value: 'no' as const } },
      };
      for (const subject of pods.filter(({ namespace }) => namespace === 'a')) {
        for (const peer of pods) {
          for (const direction of ['egress', 'ingress'] as const) {
            for (const protocol of protocols) {
              for (const port of portNumbers) {
                const [source, destination] = direction === 'egress' ? [subject, peer] : [peer, subject];
                const connection: Connection = { source, destination, protocol, port };
                const decided = (list: readonly Policy[]) => evaluate(connection, list, profile)[direction].decision;
                const [before, end] = [decided(live), decided(state)];
                if (before !== end) continue;
                for (const [step, at] of states) {
                  checked++;
                  const now = decided(at);
                  if (before === 'denied') expect(now).toBe('denied');
                  else if (cutSoFar(steps, step)) continue;
                  else expect(now).toBe('allowed');
                }
              }
            }
          }
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(checked).toBeGreaterThan(1000);
  expect(bridges).toBeGreaterThan(0);
  expect(copies + cuts).toBeLessThan(60);
});

function cutSoFar(steps: readonly Step[], step: Step): boolean {
  return steps.slice(0, steps.indexOf(step) + 1).some(({ cuts }) => cuts !== undefined);
}
