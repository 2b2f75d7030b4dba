import { beforeEach, describe, expect, it } from 'vitest';
import { coreResources, type Resource } from '../../lib/cluster/resources';
import { LiveState } from '../../lib/live/live-state';

const resource = (kind: string): Resource => coreResources.find((one) => one.kind === kind)!;
const [policies, namespaces, pods] = [resource('NetworkPolicy'), resource('Namespace'), resource('Pod')];
const policy = (name: string, namespace = 'shop') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
});
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { containers: [] },
});

describe('the state of a live cluster', () => {
  let state: LiveState;
  beforeEach(() => {
    state = new LiveState('cluster kind');
    state.replace(namespaces, [namespace('shop'), namespace('dev')]);
    state.replace(policies, [policy('a'), policy('b'), policy('c', 'dev')]);
    state.takeChanged();
  });
  const names = () =>
    state
      .read()
      .cluster.policies.map((p) => `${p.namespace}/${p.name}`)
      .sort();

  it('is what was listed and what changed since', () => {
    state.set(policies, policy('d'));
    state.delete(policies, policy('a'));
    expect(names()).toEqual(['dev/c', 'shop/b', 'shop/d']);
    expect(state.takeChanged()).toEqual(new Set(['shop']));
    expect(state.takeChanged()).toEqual(new Set());
  });

  it('after a new list holds nothing that is gone, of that kind', () => {
    state.set(pods, pod('web'));
    state.replace(policies, [policy('b')]);
    expect(names()).toEqual(['shop/b']);
    expect(state.read().cluster.workloads.map(({ name }) => name)).toEqual(['web']);
    // Of b nothing changed.
    expect(state.takeChanged()).toEqual(new Set(['shop', 'dev']));
    state.replace(policies, [policy('b')]);
    expect(state.takeChanged()).toEqual(new Set());
  });

  it('is to be judged as a whole once labels of namespaces change', () => {
    state.set(namespaces, namespace('new'));
    expect(state.takeChanged()).toBe('all');
  });

  it('tells what cannot be read, and reads the rest', () => {
    state.set(policies, { ...policy('bad'), spec: { podSelector: {}, policyTypes: ['Both'] } });
    const { issues } = state.read();
    expect(issues.map(({ message }) => message)).toEqual([expect.stringContaining('shop/bad')]);
    expect(names()).toEqual(['dev/c', 'shop/a', 'shop/b']);
  });

  it('holds no more than there is', () => {
    for (let i = 0; i < 100; i++) {
      state.set(policies, policy(`p${i}`, `n${i}`));
      state.read();
      state.delete(policies, policy(`p${i}`, `n${i}`));
    }
    expect(state.count).toBe(5);
    expect(names()).toHaveLength(3);
  });
});
