import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DriftWorld } from '../../lib/analysis/drift/drift-world';
import { stepToString } from '../../lib/analysis/rollout/step';
import { ApiFailure } from '../../lib/cluster/api-failure';
import type { ApiRequest, ApiServer } from '../../lib/cluster/api-server';
import { type Enforced, Enforcer } from '../../lib/live/enforcer';
import { clusterOfTexts } from '../../lib/read/cluster';

const policy = (name: string, app: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop, labels: {app.kubernetes.io/managed-by: tierwall}}\nspec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress, Egress]}\n`;
const copy = policy('tierwall-until-applied-1', 'cart');
const madeCopy = copy.replace('namespace: shop', 'uid: made, namespace: shop');
const meant = [policy('tierwall-a', 'web'), policy('tierwall-b', 'cart')];

/** An enforcer of a server that takes everything, and what it does with the namespace as it is then. */
function enforcing(refused = /^$/) {
  const asked: string[] = [];
  const said: Enforced[] = [];
  const ask = async ({ what, path }: ApiRequest) => {
    asked.push(what);
    if (refused.test(what)) throw new ApiFailure('server', what, 'no');
    return { metadata: { uid: path.includes('until-applied') ? 'made' : 'other', resourceVersion: '1' } };
  };
  const api = { ask } as unknown as ApiServer;
  const options = { mode: 'real', leftovers: 'kept', writesPerMinute: 1_000 } as const;
  const enforcer = new Enforcer(api, options, (enforced) => void said.push(enforced));
  const clusterOf = (policies: readonly string[]) => {
    const text = ['apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n', ...policies].join('');
    return clusterOfTexts([{ file: 'all.yaml', text }]);
  };
  const intended = { cluster: clusterOf(meant), declaredAt: () => undefined, intentsOf: () => [] };
  return async (...live: readonly string[]) => {
    const world = new DriftWorld(intended, clusterOf(live));
    const again = await enforcer.enforce(world, () => true, new AbortController().signal);
    const texts = said.map((one) => ('step' in one ? stepToString(one.step) : one.result));
    return { again, asked: asked.splice(0).length, said: said.splice(0) && texts };
  };
}

describe('a namespace in which somebody else rolls out', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('is left alone while its copy is there, for a minute at most', async () => {
    const enforce = enforcing();
    const old = policy('tierwall-a', 'cart');
    expect(await enforce(old, copy)).toEqual({ again: 60_000, asked: 0, said: ['waiting'] });
    vi.setSystemTime(Date.now() + 59_000);
    expect(await enforce(meant[0]!, copy)).toEqual({ again: 1_000, asked: 0, said: [] });
    vi.setSystemTime(Date.now() + 1_000);
    expect(await enforce(meant[0]!, copy)).toEqual({
      again: undefined,
      asked: 2,
      said: ['write shop/tierwall-b', 'delete shop/tierwall-until-applied-1'],
    });
  });

  test('is taken care of as soon as the copy is gone, and left alone again for the next one', async () => {
    const enforce = enforcing();
    expect(await enforce(copy)).toMatchObject({ asked: 0 });
    expect(await enforce(meant[0]!)).toMatchObject({ said: ['write shop/tierwall-b'] });
    expect(await enforce(copy)).toMatchObject({ again: 60_000, asked: 0 });
  });

  test('is not left alone for a copy that the enforcer made itself, and could not delete', async () => {
    const enforce = enforcing(/^delete/);
    const swapped = [policy('tierwall-a', 'cart'), policy('tierwall-b', 'web')];
    expect(await enforce(...swapped)).toMatchObject({
      said: [
        'copy shop/tierwall-a to tierwall-until-applied-1 for now',
        'write shop/tierwall-a',
        'write shop/tierwall-b',
        'failed',
      ],
    });
    expect(await enforce(...meant, madeCopy)).toMatchObject({ said: ['failed'] });
    expect(await enforce(...meant, copy)).toMatchObject({ said: ['waiting'] });
  });
});
