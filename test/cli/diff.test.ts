import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { diffCommand } from '../../lib/cli/commands/diff';
import { after, before, type Texts } from '../render/diff/changes';
import { runCommand } from '../support/run-command';

let folder: string;
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'));
  folders.push(folder);
});
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});

async function run(args: readonly string[], stdin = '', cwd = folder) {
  const ran = await runCommand(diffCommand, args, cwd, { stdin, env: { PATH: process.env['PATH'] } });
  return { ...ran, verdict: ran.stdout.split(/[\n:;]/)[0] };
}

const yaml = (texts: Texts) => Object.values(texts).join('---\n');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, stdio: 'pipe' });

describe('tierwall diff', () => {
  it('compares files, standard input and git revisions', async () => {
    write('deploy.yaml', yaml(before));
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'before');
    expect(await run(['HEAD:deploy.yaml', 'deploy.yaml'])).toMatchObject({
      code: 0,
      stderr: '',
      verdict: 'no change in meaning',
    });
    write('deploy.yaml', yaml(after));
    const ran = await run(['HEAD:deploy.yaml', 'deploy.yaml']);
    expect(ran).toMatchObject({ code: 1, stderr: '', verdict: 'different' });
    expect(ran.stdout).toContain('by shop/redis ingress[1] (deploy.yaml:62)');
    expect(ran.stdout).toContain('no longer by shop/cart ingress[0] (HEAD:deploy.yaml:41)');
    expect((await run(['HEAD:deploy.yaml', '-'], yaml(after))).stdout).toContain('(standard input:62)');
  });

  it('compares a path in a revision with what it is now, and in two revisions', async () => {
    mkdirSync(join(folder, 'deploy'));
    write('deploy/all.yaml', yaml(before));
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'before');
    write('deploy/all.yaml', yaml(after));
    const ran = await run(['HEAD', 'deploy/']);
    expect(ran).toMatchObject({ code: 1, stderr: '', verdict: 'different' });
    expect(ran.stdout).toContain('no longer by shop/cart ingress[0] (HEAD:deploy/all.yaml:41)');
    expect((await run(['main', './deploy'])).stdout).toBe(ran.stdout.replaceAll('HEAD:', 'main:'));
    git('commit', '-q', '-a', '-m', 'after');
    expect(await run(['HEAD', 'deploy'])).toMatchObject({ code: 0, verdict: 'no change in meaning' });
    const two = await run(['HEAD~1', 'main']);
    expect(two).toMatchObject({ code: 1, stderr: '', verdict: 'different' });
    expect(two.stdout).toContain('by shop/redis ingress[1] (main:deploy/all.yaml:62)');
    expect((await run(['HEAD~1', 'main'], '', join(folder, 'deploy'))).stdout).toBe(two.stdout);
    expect((await run(['HEAD~1...HEAD', 'deploy'])).verdict).toBe('different');
    mkdirSync(join(folder, 'docs'));
    // A folder of that name is not what the words name: there is another one above.
    mkdirSync(join(folder, 'docs/deploy'));
    writeFileSync(join(folder, 'docs/deploy/all.yaml'), yaml(after));
    expect(await run(['HEAD~1...HEAD', '../deploy'], '', join(folder, 'docs'))).toMatchObject({ code: 1, stderr: '' });
    expect(await run(['HEAD~1...HEAD', '..'], '', join(folder, 'docs'))).toMatchObject({ code: 1, stderr: '' });
    expect(await run(['HEAD~1:..', 'HEAD:..'], '', join(folder, 'docs'))).toMatchObject({ code: 1, stderr: '' });
  });

  it('says that a path is new, or gone', async () => {
    write('other.yaml', yaml(before));
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'before');
    write('deploy.yaml', yaml(after));
    expect((await run(['main', 'deploy.yaml'])).stdout).toContain(
      'note: there is nothing of `deploy.yaml` in main: all of it is new',
    );
    rmSync(join(folder, 'other.yaml'));
    const gone = 'note: there is nothing of `other.yaml` in the working tree any more: all of it is gone';
    expect((await run(['main', 'other.yaml'])).stdout).toContain(gone);
    rmSync(join(folder, 'deploy.yaml'));
    expect((await run(['main'])).stdout).toContain('all of it is gone');
    mkdirSync(join(folder, 'empty'));
    expect((await run(['main', 'empty'])).stderr).toContain(
      'holds no Kubernetes object, neither in main nor in the working',
    );
  });

  it('takes no word for a path or a revision that could be both, and says how to write what is meant', async () => {
    write('deploy.yaml', yaml(before));
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'before');
    git('branch', 'deploy.yaml');
    expect(await run(['HEAD', 'deploy.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('write `./deploy.yaml` for the path, or `deploy.yaml^0` for the revision'),
    });
    expect((await run(['HEAD', './deploy.yaml'])).verdict).toBe('no change in meaning');
    expect((await run(['HEAD', 'deploy.yaml^0'])).verdict).toBe('no change in meaning');
    expect((await run(['./deploy.yaml', 'HEAD'])).stderr).toContain('write what of it is meant: `HEAD:./deploy.yaml`');
    expect((await run(['HEAD', '-'])).stderr).toContain('`HEAD:./deploy`');
    expect((await run(['HEAD', 'nothing'])).stderr).toContain('there is no `nothing`');
    expect((await run(['HEAD', 'HEAD~1..HEAD'])).code).toBe(2);
  });

  it('prints JSON', async () => {
    write('old.yaml', yaml(before));
    write('new.yaml', yaml(after));
    const { code, stdout } = await run(['old.yaml', 'new.yaml', '-o', 'json']);
    expect([code, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([1, 'different']);
  });

  it('says what is wrong with sources', async () => {
    expect(await run(['-', '-'])).toMatchObject({ code: 2, stdout: '' });
    expect((await run(['nothing.yaml', '-'])).stderr).toContain('there is no `nothing.yaml`');
    expect(await run(['one.yaml'])).toMatchObject({ code: 2 });
  });
});

describe('tierwall diff, of manifests and an app', () => {
  const root = resolve(__dirname, '../..');
  const pods = (name: string, port: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: a, ports: [${port}] }] }
`;
  const policy = (name: string, spec: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
  const manifests = [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: store } }\n',
    pods('web', '{ name: http, containerPort: 8080 }'),
    pods('redis', '{ name: db, containerPort: 6379 }'),
    policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }'),
    policy(
      'redis',
      `{ podSelector: { matchLabels: { app: redis } }, policyTypes: [Ingress],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: db }] }] }`,
    ),
  ].join('---\n');
  const app = (web: string) => `
const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, LabelScheme, Namespace, Port, Service } = require(${JSON.stringify(join(root, 'dist/index.js'))});
const app = new App();
const prod = new Environment(app, 'prod', { labels: new LabelScheme({ name: 'app' }) });
const shop = new Namespace(prod, 'shop', { isolates: 'ingress' });
const web = new Service(shop, '${web}', { ports: { http: 8080 } });
const redis = new Service(shop, 'redis', { ports: { db: Port.named('db') } });
redis.allowFrom(web);
app.synth();
`;

  it('takes the pods that services pick from the manifests, so that an app that says the same is no change', async () => {
    write('deploy.yaml', manifests);
    mkdirSync(join(folder, 'network'));
    write('network/cdk8s.yaml', 'app: node main.js\n');
    write('network/main.js', app('web'));
    for (const words of [
      ['deploy.yaml', 'network'],
      ['network', 'deploy.yaml'],
    ]) {
      expect(await run(words)).toMatchObject({ code: 0, verdict: 'no change in meaning' });
    }
  });

  it('says what a service for pods that no manifest has allows, and whom the others then lack', async () => {
    write('deploy.yaml', manifests);
    mkdirSync(join(folder, 'network'));
    write('network/cdk8s.yaml', 'app: node main.js\n');
    write('network/main.js', app('shopfront'));
    const { code, stdout } = await run(['deploy.yaml', 'network']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Less is let through\n {2}- shop\/web +→ shop\/redis +6379\/TCP/);
    expect(stdout).toMatch(/Workloads\n {2}new: +shop\/shopfront\n/);
    expect(stdout).toContain('as Pod shop/shopfront (network/main.js:7) is new');
  });
});

describe('tierwall diff, as a gate', () => {
  const commit = (message: string) => {
    git('add', '.');
    git('commit', '-q', '--allow-empty', '-m', message);
  };

  beforeEach(() => {
    write('deploy.yaml', yaml(before));
    git('init', '-q', '-b', 'main');
    commit('before');
    write('deploy.yaml', yaml(after));
  });
  const gate = (...args: string[]) => run(['main:deploy.yaml', 'deploy.yaml', ...args]);

  it('fails on the risks that are named, and says so', async () => {
    expect((await gate('--fail-on', 'isolation-lost,cross-team')).code).toBe(0);
    const failed = await gate('--fail-on', 'internet', '--fail-on', 'isolation-lost');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('fails on internet (1): more is let through to or from public addresses');
    expect((await gate('--fail-on', 'none')).code).toBe(0);
    expect((await gate('--fail-on', 'dangerous')).stderr).toContain('`--fail-on dangerous` is no risk');
  });

  it('takes what to fail on and budgets from the settings', async () => {
    write('cdk8s.yaml', 'tierwall: { diff: { failOn: [internet], budgets: { widened: 100 } } }\n');
    expect((await gate()).code).toBe(1);
    write('cdk8s.yaml', 'tierwall: { diff: { budgets: { internet: 1 } } }\n');
    expect((await gate()).code).toBe(0);
    write('cdk8s.yaml', 'tierwall: { diff: { failOn: [everything], budgets: { widened: -1 } } }\n');
    expect(await gate()).toMatchObject({ code: 2, stderr: expect.stringContaining('2 problems') });
  });

  it('counts no risk that a file approves, with a reason and a last day', async () => {
    write('tierwall.approvals.yaml', "- { risk: internet, at: shop/search, because: crawling, until: '9999-12-31' }\n");
    const ran = await gate('--fail-on', 'internet');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain(
      'approved: internet at shop/search until 9999-12-31, because crawling (tierwall.approvals.yaml:1); covers 1',
    );
    write('tierwall.approvals.yaml', '- { risk: internet, because: crawling }\n');
    expect(await gate()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "`approvals[0].until` is missing; an approval in a file has a last day: write `until: '2027-03-31'`",
      ),
    });
  });

  it('takes no list of workloads in an approval, and says that each has an entry', async () => {
    write('tierwall.approvals.yaml', "- { risk: internet, at: [shop/a, shop/b], because: so, until: '9999-12-31' }\n");
    expect((await gate()).stderr).toMatch(
      /`approvals\[0\]\.at` is .*, which is no text; write an entry for each of them/,
    );
  });

  it.for([
    ['internet', 'shop/serach', '; did you mean `shop/search`?'],
    ['internet', 'search', '; did you mean `shop/search`?'],
    ['internet', 'shpo/*', '; did you mean `shop/*`?'],
    ['widened', 'shop/carts', '; did you mean `shop/cart`?'],
    ['internet', 'bank/ledger', ''],
    ['isolation-lost', 'shop/serach', ''],
  ] as const)(
    'asks whether an approval of %s at %s, which names nothing with that risk, is mistyped',
    async ([risk, at, question]) => {
      write('tierwall.approvals.yaml', `- { risk: ${risk}, at: '${at}', because: so, until: '9999-12-31' }\n`);
      const { stdout } = await gate('--fail-on', 'internet');
      const [line] = stdout.split('\n').filter((text) => text.includes('an approval of no effect'));
      expect(line).toContain(`${risk} at ${at} until 9999-12-31, because so (tierwall.approvals.yaml:1)${question}`);
      expect(line!.includes('did you mean')).toBe(question !== '');
      const { clusters, ...json } = JSON.parse((await gate('--fail-on', 'internet', '-o', 'json')).stdout);
      const [idle] = (clusters?.[0] ?? json).gate.idle;
      expect(idle.nearest).toBe(question === '' ? undefined : question.slice(2));
    },
  );

  it('says what approvals leave, as somebody has to approve it', async () => {
    write('tierwall.approvals.yaml', "- { risk: widened, at: shop/cart, because: so, until: '9999-12-31' }\n");
    const { code, stdout } = await gate('--fail-on', 'widened');
    expect(code).toBe(1);
    expect(stdout).toContain('  not approved: shop/frontend → shop/redis on 6379/TCP\n');
    write('tierwall.approvals.yaml', "- { risk: isolation-lost, because: so, until: '9999-12-31' }\n");
    expect((await gate()).stdout).toContain(
      'an approval of no effect, since the change has no such risk: isolation-lost until',
    );
    expect((await gate()).stdout).toContain('fails on any: the meaning changes; approvals count where risks are named');
  });

  it('counts no risk that a commit between the two approves', async () => {
    git('checkout', '-q', '-b', 'branch');
    commit('Search\n\nTierwall-Approve: internet at shop/search because crawling');
    const ran = await gate('--fail-on', 'internet');
    expect([
      ran.code,
      ran.stdout.match(/approved: internet at shop\/search, because crawling \(commit \w+\)/)?.length,
    ]).toEqual([0, 1]);
    commit('More\n\nTierwall-Approve: internet for search');
    expect((await gate()).stderr).toContain('cannot be read');
  });
});
