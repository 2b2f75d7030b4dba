import { Testing } from 'cdk8s';
import { Environment, type IntentProps, Namespace, Never, Peer, Service, Tier } from 'tierwall';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { synthesize } from '../../lib/constructs/synthesizer';
import { mistakesOf } from '../support/program';

beforeEach(() => void vi.stubEnv('TIERWALL_AS_OF', '2026-11-24'));
afterEach(() => void vi.unstubAllEnvs());

/** A caller and a callee of two teams; the callee has two ports. */
function teams() {
  const app = Testing.app();
  const environment = new Environment(app, 'prod');
  const web = new Namespace(environment, 'web', { team: 'web' });
  const data = new Namespace(environment, 'data', { team: 'data' });
  const tier = new Tier(web, 't');
  const caller = new Service(tier, 'caller');
  const callee = new Service(data, 'callee', { ports: { p: 1, admin: 2 } });
  return { app, web, data, tier, caller, callee };
}

const granted = (grant: IntentProps, call: IntentProps = {}) => {
  const { app, caller, callee } = teams();
  callee.allowFrom(caller, grant);
  caller.allowTo(callee, call);
  return mistakesOf(app);
};

describe('access of another team, declared by the callee’s side', () => {
  test('holds for the ports that it declares', () => {
    expect(granted({})).toEqual([]);
    expect(granted({ ports: ['p', 'admin'] }, { ports: ['admin'] })).toEqual([]);
    expect(granted({ ports: ['p'] }, { ports: ['admin'] })).toEqual([
      'cross-team: team `web` reaches into team `data` on 2/TCP of `prod/data/callee`, which declares it only for 1/TCP',
    ]);
    expect(granted({ ports: ['p'] })).toHaveLength(1);
  });

  test('no longer holds when its last day has passed', () => {
    expect(granted({ until: '2026-11-24' })).toEqual([]);
    expect(granted({ until: '2026-11-23' })).toEqual([
      'cross-team: team `web` reaches into team `data`, which does not declare it',
    ]);
    expect(granted({ until: '2026-11-23' }, { until: '2026-11-23' })).toEqual([]);
  });

  test('adds up over several statements', () => {
    const { app, caller, callee } = teams();
    callee.allowFrom(caller, { ports: ['p'] });
    callee.allowFrom(caller, { ports: ['admin'] });
    caller.allowTo(callee);
    expect(mistakesOf(app)).toEqual([]);
  });

  test('for a tier or namespace holds for what is in it', () => {
    for (const from of ['tier', 'web'] as const) {
      for (const to of ['callee', 'data'] as const) {
        const given = teams();
        given[to].allowFrom(given[from]);
        given.caller.allowTo(given.callee);
        expect(mistakesOf(given.app)).toEqual([]);
      }
    }
  });

  test('for a service does not hold for its tier or namespace', () => {
    const given = teams();
    given.callee.allowFrom(given.caller);
    given.tier.allowTo(given.callee);
    expect(mistakesOf(given.app)).toHaveLength(1);
  });
});

describe('all mistakes at once', () => {
  test('a broken guarantee and what the API server refuses are told beside other mistakes', () => {
    const { app, web, data, caller, callee } = teams();
    new Service(data, 'other', { ports: { q: 3 } }).allowFrom(caller, { ports: ['nope'] });
    callee.allowFrom(caller);
    new Never(data, 'n', { from: web, to: callee });
    Namespace.fromExisting(data.node.scope as Environment, 'x', { defaultDeny: 'Bad_Name' });
    const codes = synthesize(app).issues.map(({ code }) => code);
    expect(codes.sort()).toEqual(['guarantee-broken', 'refused-by-api-server', 'unknown-port']);
  });

  test('but not what only follows from another mistake', () => {
    const { app, caller, callee, data } = teams();
    callee.allowFrom(caller, { ports: 'p' as never });
    new Never(data, 'n', { from: caller, to: callee, ports: ['admin'] });
    new Service(data, 'Bad_Name', { ports: { p: 1 } }).allowFrom(caller);
    expect(synthesize(app).issues.map(({ code }) => code)).toEqual(['bad-name', 'bad-option']);
  });

  test('where addresses are wrong, nothing is asked that needs them', () => {
    const { app, caller, callee, data } = teams();
    caller.allowTo(Peer.cidr('10.0.0.0/33'), { ports: [1] });
    callee.allowFrom(caller);
    new Never(data, 'n', { from: caller, to: callee });
    expect(synthesize(app).issues.map(({ code }) => code)).toEqual(['bad-cidr']);
  });

  test('without a day, time-boxed access is not held against a guarantee', () => {
    vi.stubEnv('TIERWALL_AS_OF', 'no day');
    const { app, caller, callee, data } = teams();
    callee.allowFrom(caller, { until: '2026-01-01' });
    new Never(data, 'n', { from: caller, to: callee });
    expect(synthesize(app).issues.map(({ code }) => code)).toEqual(['no-as-of']);
  });
});
