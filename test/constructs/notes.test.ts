import { type Namespace, Peer, Service } from 'tierwall';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reportLines } from '../../lib/constructs/report';
import { synthesize } from '../../lib/constructs/synthesizer';
import { shop } from '../support/program';

beforeEach(() => void vi.stubEnv('TIERWALL_AS_OF', '2026-11-24'));
afterEach(() => void vi.unstubAllEnvs());

/** Notes about time boxes, without their lines of code. */
function notesOf(declare: (api: Service, web: Service, namespace: Namespace) => void): string[] {
  const { app, namespace } = shop();
  const web = new Service(namespace, 'web');
  declare(new Service(namespace, 'api', { ports: { http: 80, admin: 81 } }), web, namespace);
  return reportLines(synthesize(app)).map((line) => line.replace(/^\S+: /, ''));
}

const noEffect =
  '`prod/shop/api` is allowed until 2027-01-01, but what it opens is allowed without end: the time box has no effect';

describe('a time box', () => {
  test.for([
    ['the same intent', (api, web) => api.allowFrom(web)],
    ['an intent for the whole namespace', (api, _, namespace) => api.allowFrom(namespace)],
    [
      'two intents for a port each',
      (api, web) => api.allowFrom(web, { ports: ['http'] }).allowFrom(web, { ports: ['admin'] }),
    ],
  ] as readonly (readonly [string, (api: Service, web: Service, namespace: Namespace) => unknown])[])(
    'has no effect, and it is said, beside %s without end',
    ([, permanent]) => {
      expect(
        notesOf((api, web, namespace) => {
          api.allowFrom(web, { until: '2027-01-01' });
          permanent(api, web, namespace);
        }),
      ).toEqual([noEffect]);
    },
  );

  test('is told to have none also when it has ended', () => {
    const notes = notesOf((api, web) => api.allowFrom(web, { until: '2026-11-23' }).allowFrom(web));
    expect(notes).toContainEqual(expect.stringContaining('the time box has no effect'));
  });

  test.for([
    ['alone', () => {}],
    ['beside another one', (api, web) => api.allowFrom(web, { until: '2028-01-01' })],
    ['beside one for fewer ports', (api, web) => api.allowFrom(web, { ports: ['http'] })],
    ['beside one for another peer', (api) => api.allowFrom(Peer.prometheus())],
  ] as readonly (readonly [string, (api: Service, web: Service) => unknown])[])('has its effect %s', ([, other]) => {
    expect(
      notesOf((api, web) => {
        api.allowFrom(web, { until: '2027-01-01' });
        other(api, web);
      }),
    ).toEqual([]);
  });

  test('on addresses has none inside wider ones', () => {
    const until = '2027-01-01';
    const ports = [443];
    const notes = notesOf((api) =>
      api
        .allowTo(Peer.cidr('10.1.0.0/16'), { until, ports })
        .allowTo(Peer.cidr('10.0.0.0/8', { except: ['10.2.0.0/16'] }), { ports }),
    );
    expect(notes).toEqual([noEffect]);
    expect(
      notesOf((api) =>
        api
          .allowTo(Peer.cidr('10.1.0.0/16'), { until, ports })
          .allowTo(Peer.cidr('10.0.0.0/8', { except: ['10.1.1.0/24'] }), { ports }),
      ),
    ).toEqual([]);
  });
});
