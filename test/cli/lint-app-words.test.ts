import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');

/** Each intent has something wrong with it. */
const program = `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { anyPort, Environment, Namespace, Peer, RawPolicy, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const production = new Environment(app, 'production');
const shop = new Namespace(production, 'shop');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const db = new Service(shop, 'db', { ports: { sql: 5432 } });
const bill = new Service(new Namespace(production, 'billing'), 'bill', { ports: { http: 80 } });
web.allowFrom(Peer.anywhere(), { ports: anyPort() });
web.allowTo(Peer.anywhere(), { ports: [80] });
db.allowFrom(web, { ports: anyPort() });
db.allowTo(Peer.anyAddress(), { ports: [443] });
db.allowTo(Peer.cidr('169.254.169.254/32'), { ports: [80] });
db.allowTo(Peer.cidr('0.0.0.0/1'), { ports: [22] });
db.allowTo(Peer.namespaces({ labels: { team: 'x' } }), { ports: [8080] });
db.allowTo(Peer.anyPod({ labels: { 'app.kubernetes.io/name': 'bill' } }), { ports: [90] });
db.allowTo(Peer.anyPod({ labels: { 'app.kubernetes.io/name': 'bil' } }), { ports: [80] });
bill.allowFrom(Peer.cidr('10.0.0.0/16'));
bill.allowFrom(web, { until: '2030-01-31', because: 'a migration' });
new RawPolicy(shop, 'raw', { because: 'kept', spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '::/0' } }] }] } });
new Service(new Namespace(production, 'jobs', { unnamedPods: 'open' }), 'job', { isolates: 'none' });
app.synth();
`;
const settings = `app: node main.js
tierwall: { cni: weave-net, lint: { podRanges: [10.0.0.0/16], mostEntries: 3 } }
`;

interface Shown {
  readonly rule: string;
  readonly hint: string;
  readonly place: { readonly line?: number };
}

let findings: Shown[] = [];

beforeAll(() => {
  const cwd = mkdtempSync(join(tmpdir(), 'words-'));
  writeFileSync(join(cwd, 'main.js'), program);
  writeFileSync(join(cwd, 'cdk8s.yaml'), settings);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(Date.UTC(2030, 0, 15) / 1000) };
  const words = [join(root, 'dist/cli/main.js'), 'lint', '-o', 'json'];
  findings = JSON.parse(spawnSync(process.execPath, words, { cwd, encoding: 'utf8', env }).stdout).findings;
});

const lineOf = (text: string) => program.split('\n').findIndex((line) => line.includes(text)) + 1;

test('what intents and services have wrong with them is to be mended in the words of the app', () => {
  const told = findings.filter(({ place }) => place.line !== lineOf('RawPolicy(shop'));
  expect(new Set(told.map(({ rule }) => rule))).toEqual(
    new Set([
      'no-allow-all-peers',
      'no-allow-all-ports',
      'no-any-address',
      'no-expiring-access',
      'no-ip-block-of-pods',
      'no-long-policy',
      'no-metadata-address',
      'no-one-sided-egress',
      'no-overlapping-rules',
      'no-unenforced-feature',
      'no-unselected-workload',
      'no-unmatched-namespace',
      'no-unmatched-peer',
      'no-wide-cidr',
      'require-default-deny-egress',
      'require-default-deny-ingress',
      'require-namespace-name',
    ]),
  );
  const inYaml = /Selector|policyTypes|ipBlock|except: \[\d|\bentry\b|\bspec\b|metadata\.name|policy with/;
  expect(told.filter(({ hint }) => inYaml.test(hint))).toEqual([]);
});

test('what a raw policy has wrong with it is mended in its spec, as it stands there', () => {
  const told = findings.filter(({ place }) => place.line === lineOf('RawPolicy(shop'));
  expect(told.find(({ rule }) => rule === 'no-any-address')?.hint).toContain(
    'leave the private ones out with `except`',
  );
});

test('a peer by labels is told at its own line, and not at those of services that could have these labels too', () => {
  const lines = findings.filter(({ rule }) => rule === 'require-namespace-name').map(({ place }) => place.line);
  expect(lines).toEqual([lineOf("team: 'x'")]);
});

test('a service that nothing isolates is to be isolated, and not declared once more', () => {
  const [told] = findings.filter(({ rule }) => rule === 'no-unselected-workload');
  expect(told?.hint).toContain("leave out `isolates: 'none'` of the service");
});
