import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FoundItem } from '../../lib/model/finding-report';
import { findingsSchema } from '../../lib/render/schema/findings-schema';
import { schemaErrors } from '../support/json-schema';

const root = resolve(__dirname, '../..');
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tierwall-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tierwall(args: readonly string[], input = '', cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    input,
  });
  return { status, stdout, stderr };
}

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;

beforeAll(() => {
  writeFileSync(join(folder, 'clean.yaml'), policy('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'));
  writeFileSync(
    join(folder, 'open.yaml'),
    policy('open', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }'),
  );
});

describe('tierwall lint', () => {
  test('is content with what is right, and says how much that was', () => {
    expect(tierwall(['lint', 'clean.yaml'])).toEqual({
      status: 0,
      stdout: 'no findings in 1 policy and 0 workloads\n',
      stderr: '',
    });
  });

  test('finds what is wrong in standard input too, and fails', () => {
    const { status, stdout } = tierwall(['lint', '-'], policy('bad', '{ podSelector: {}, policyTypes: [Both] }'));
    expect([status, stdout.split('\n')[0]]).toEqual([
      1,
      'error[no-rejected-field] NetworkPolicy `shop/bad`: spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ]);
  });

  test('fails from the severity that --fail-on gives', () => {
    expect(tierwall(['lint', 'open.yaml']).status).toBe(1);
    expect(tierwall(['lint', 'open.yaml', '--fail-on', 'error']).status).toBe(0);
  });

  test('goes on where a document cannot be read', () => {
    const { stdout } = tierwall(['lint', '-', '-o', 'json'], `${policy('open', '{ ingress: [{}] }')}---\na: [\n`);
    const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['no-unreadable-document', 'no-allow-all-peers']),
    );
    expect(schemaErrors(findingsSchema, JSON.parse(stdout))).toEqual([]);
  });

  test('does not take a word that names nothing for something clean', () => {
    expect(tierwall(['lint', 'missing.yaml'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no `missing.yaml`'),
    });
    expect(tierwall(['lint', '-'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('holds no Kubernetes object'),
    });
  });

  test.for(['txt', 'json', 'sarif', 'github', 'gitlab', 'junit', 'md'])('prints %s', (format) => {
    const { status, stdout, stderr } = tierwall(['lint', 'open.yaml', '-o', format]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('no-allow-all-peers');
  });
});

describe('tierwall lint --fix', () => {
  test('mends files in place, keeps who may read them, and leaves nothing beside them', () => {
    const cwd = join(folder, 'fix');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'a.yaml'), policy('a', '{ policyTypes: [Ingress, Egress] }'));
    chmodSync(join(cwd, 'a.yaml'), 0o600);
    expect(tierwall(['lint', '.', '--fix'], '', cwd)).toEqual({
      status: 0,
      stdout: 'no findings in 1 policy and 0 workloads\n',
      stderr: 'mended 1 place\n',
    });
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(
      policy('a', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'),
    );
    expect(statSync(join(cwd, 'a.yaml')).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).toEqual(['a.yaml']);
  });

  test('says what it leaves and why, and mends the rest of the file', () => {
    const cwd = join(folder, 'left');
    mkdirSync(cwd);
    const spec = (first: string, second: string) =>
      policy(
        'a',
        `\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n  egress:\n  - ports: [{ port: 1 }]\n    to:\n    - ipBlock:\n        cidr: ${first}\n    - ipBlock:\n        cidr: ${second}`,
      );
    writeFileSync(join(cwd, 'a.yaml'), spec('>-\n          10.0.0.1/8', '11.0.0.1/8'));
    const { stdout, stderr } = tierwall(['lint', '.', '--fix'], '', cwd);
    expect(stderr).toBe(
      'mended 1 place\nleft a.yaml:11:9 spec.egress[0].to[0].ipBlock.cidr: the value is written over several lines\n',
    );
    expect(stdout).toContain('(--fix leaves it to you: the value is written over several lines)');
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(spec('>-\n          10.0.0.1/8', '11.0.0.0/8'));
  });

  test('refuses what is no file', () => {
    expect(tierwall(['lint', '-', '--fix'], policy('a', '{}'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('`--fix` changes files, and here are none'),
    });
  });
});

describe('tierwall lint --init-baseline', () => {
  test('accepts what is there, and no more: what comes later counts, and what is gone is told', () => {
    const cwd = join(folder, 'brownfield');
    mkdirSync(cwd);
    const file = join(cwd, 'a.yaml');
    const open = policy('open', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }');
    writeFileSync(file, open);
    expect(tierwall(['lint', '.', '--init-baseline'], '', cwd).stdout).toMatch(
      /^wrote 1 finding to tierwall-baseline.json/,
    );
    expect(tierwall(['lint', '.'], '', cwd)).toMatchObject({
      status: 0,
      stdout: 'no findings in 1 policy and 0 workloads; 1 in the baseline\n',
    });
    writeFileSync(
      file,
      `# a line more\n${open}---\n${policy('b', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }')}`,
    );
    const more = tierwall(['lint', '.'], '', cwd);
    expect([more.status, more.stdout]).toEqual([1, expect.stringContaining('`shop/b`')]);
    expect(more.stdout).not.toContain('`shop/open` allows');
    writeFileSync(file, policy('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'));
    const less = tierwall(['lint', '.'], '', cwd);
    expect([less.status, less.stdout]).toEqual([0, expect.stringContaining('no-stale-baseline')]);
    writeFileSync(join(cwd, 'tierwall-baseline.json'), '{}');
    expect(tierwall(['lint', '.'], '', cwd)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('tierwall-baseline.json version: `nothing` is no version that is read'),
    });
  });

  test('means the same from every folder of the repository, and however the files are named', () => {
    const cwd = join(folder, 'spellings');
    mkdirSync(join(cwd, '.git'), { recursive: true });
    mkdirSync(join(cwd, 'deploy/a'), { recursive: true });
    const text = policy('open', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }');
    writeFileSync(join(cwd, 'deploy/a/x.yaml'), text);
    expect(tierwall(['lint', './deploy', '--init-baseline'], '', cwd).status).toBe(0);
    const words = ['deploy', './deploy/a/x.yaml', join(cwd, 'deploy'), 'deploy/**/*.yaml', '-'];
    for (const word of words) expect([word, tierwall(['lint', word], text, cwd).status]).toEqual([word, 0]);
    for (const word of ['a', '../deploy', '.']) {
      expect([word, tierwall(['lint', word], '', join(cwd, 'deploy')).status]).toEqual([word, 0]);
    }
    const file = join(cwd, 'tierwall-baseline.json');
    const before = readFileSync(file, 'utf8');
    tierwall(['lint', join(cwd, 'deploy/a'), '--init-baseline'], '', join(cwd, 'deploy'));
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('keeps what it says of files that are not looked at', () => {
    const cwd = join(folder, 'parts');
    mkdirSync(cwd);
    for (const name of ['a', 'b']) {
      writeFileSync(
        join(cwd, `${name}.yaml`),
        policy(name, '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }'),
      );
    }
    tierwall(['lint', 'a.yaml', '--init-baseline'], '', cwd);
    expect(tierwall(['lint', 'b.yaml', '--init-baseline'], '', cwd).stdout).toMatch(
      /^wrote 1 finding to tierwall-baseline.json \(it keeps 1 of files that were not looked at\)/,
    );
    expect(tierwall(['lint', 'a.yaml'], '', cwd).status).toBe(0);
  });
});

describe('the settings of the project', () => {
  test('decide on severity, bounds and what fails', () => {
    const cwd = join(folder, 'settings');
    mkdirSync(cwd);
    writeFileSync(
      join(cwd, 'a.yaml'),
      policy('open', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }'),
    );
    const lint = (settings: string) => {
      writeFileSync(join(cwd, 'cdk8s.yaml'), `tierwall:\n  lint: ${settings}\n`);
      return tierwall(['lint', 'a.yaml'], '', cwd);
    };
    expect(lint('{ rules: { no-allow-all-peers: info } }')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^info\[/),
    });
    expect(lint('{ rules: { no-allow-all-peers: off } }').stdout).toMatch(/^no findings/);
    expect(lint('{ failOn: error }').status).toBe(0);
    expect(lint('{ rules: { no-allow-al-peers: off } }')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean `no-allow-all-peers`?'),
    });
  });
});

describe('tierwall lint, in the folder of an app', () => {
  const cwd = join(folder, 'app');
  const app = (more: string) => {
    writeFileSync(join(cwd, 'cdk8s.yaml'), 'app: node main.js\n');
    writeFileSync(
      join(cwd, 'main.js'),
      `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Peer, Port, Service, suppressFinding } = require(${JSON.stringify(join(root, 'dist/index.js'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
web.allowTo(Peer.anyAddress(), { ports: [80] });
${more}
app.synth();
`,
    );
  };

  test('names the line that declares it, and what is written for it beside', () => {
    mkdirSync(cwd);
    app('');
    const { status, stdout } = tierwall(['lint', '-o', 'json'], '', cwd);
    const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
    expect(schemaErrors(findingsSchema, JSON.parse(stdout))).toEqual([]);
    expect([status, findings.map(({ rule }) => rule)]).toEqual([
      1,
      ['no-any-address', 'no-any-address', 'no-metadata-address', 'no-metadata-address'],
    ]);
    expect(findings[0]).toMatchObject({
      place: { construct: 'prod/shop/web', file: 'main.js', line: 6 },
      excerpt: [{ line: 6, text: 'web.allowTo(Peer.anyAddress(), { ports: [80] });' }],
      written: { file: 'policies/prod/shop/tierwall-web.yaml', field: 'spec.egress[0].to[0].ipBlock.cidr' },
    });
  });

  test('names the intent that is the cause, where a rule is made of several', () => {
    app(`web.allowTo(Peer.cidr('198.51.100.0/24'), { ports: [443] });
web.allowTo(Peer.anyAddress({ family: 'IPv4' }), { ports: [443] });
web.allowTo(Peer.cidr('198.51.100.0/25'), { ports: [443] });`);
    const { stdout } = tierwall(['lint', '-o', 'json'], '', cwd);
    const { findings } = JSON.parse(stdout) as { findings: FoundItem[] };
    const lines = findings
      .filter(({ rule }) => rule === 'no-any-address')
      .map(({ place, related }) => [place.line, ...related.map((other) => other.place.line)]);
    expect(lines.sort()).toEqual([[6], [6, 8]]);
  });

  test('finds nothing in what tierwall writes of itself, and whatever no workload is', () => {
    app(`const every = new Service(shop, 'every-pod', { pods: 'all' });
every.allowTo(Peer.kubeDns(), { ports: [53, '53/UDP'] });
const cart = new Service(shop, 'cart', { ports: { grpc: Port.named('grpc') } });
cart.allowFrom(web);
const open = new Namespace(shop.node.scope, 'open', { unnamedPods: 'open' });
new Service(open, 'every-pod', { pods: 'all', isolates: 'none' }).allowTo(cart, { enforcedAt: 'callee' });
suppressFinding(web, ['no-any-address', 'no-metadata-address'], { because: 'a mirror' });`);
    const { findings } = JSON.parse(tierwall(['lint', '-o', 'json'], '', cwd).stdout) as { findings: FoundItem[] };
    const found = findings.filter(({ suppressed }) => !suppressed).map(({ rule, hint }) => `${rule}: ${hint}`);
    expect(found).toEqual(
      ['egress', 'ingress'].map(
        (way) =>
          `require-default-deny-${way}: leave out \`unnamedPods: 'open'\` of the namespace, and have its \`isolates\` be \`'${way}'\` or \`'both'\`, the default`,
      ),
    );
  });

  test('accepts what a construct accepts, with a reason and until its day', () => {
    app("suppressFinding(web, ['no-any-address', 'no-metadata-address'], { because: 'a mirror' });");
    expect(tierwall(['lint'], '', cwd)).toMatchObject({ status: 0, stdout: expect.stringContaining('4 suppressed') });
    app("suppressFinding(shop, 'no-any-address', { because: 'a mirror', until: '2020-01-01' });");
    expect(tierwall(['lint'], '', cwd).stdout).toContain('no-expired-suppression');
    app("suppressFinding(shop, 'no-host-bits', { because: 'a mirror' });");
    const { stdout } = tierwall(['lint'], '', cwd);
    expect(stdout).toContain('no-unused-suppression');
    expect(stdout).toContain('prod/shop (main.js:7)');
    app("suppressFinding(web, 'no-any-address', { because: ' ' });");
    expect(tierwall(['lint'], '', cwd)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it gives no reason'),
    });
  });
});

describe('tierwall rules', () => {
  test('lists them by what they are about', () => {
    const { status, stdout } = tierwall(['rules']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^validity\n {2}no-/);
  });

  test('explains one with its examples, and corrects a slip', () => {
    expect(tierwall(['rules', 'no-host-bits']).stdout).toContain('cidr: 10.0.0.1/8');
    expect(tierwall(['rules', 'no-host-bit'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean `no-host-bits`?'),
    });
  });

  test.for([
    ['cis', 'CIS-5.3.2  Ensure that all Namespaces have Network Policies defined\n  no-unselected-workload '],
    ['nsa', 'NSA-CISA-default-deny  Network policies: deny all ingress and egress by default'],
  ] as const)('of %s are listed by the demands that they check', ([standard, text]) => {
    expect(tierwall(['rules', '--standard', standard]).stdout).toContain(text);
    expect(tierwall(['rules', '--standard', standard, '-o', 'md']).stdout).toContain('| rules that check it |');
    const { demands } = JSON.parse(tierwall(['rules', '--standard', standard, '-o', 'json']).stdout) as {
      demands: { rules: string[]; unchecked?: string }[];
    };
    expect(demands.every(({ rules, unchecked }) => rules.length > 0 !== (unchecked !== undefined))).toBe(true);
  });

  test('say of the guide of NSA and CISA what none of them checks', () => {
    const { stdout } = tierwall(['rules', '--standard', 'nsa']);
    expect(stdout.match(/^NSA-CISA-\S+ .*\n {2}not checked: /gm)).toEqual([
      expect.stringContaining('LimitRange and ResourceQuota'),
      expect.stringContaining('kube-system'),
      expect.stringContaining('firewalls'),
      expect.stringContaining('encrypt'),
    ]);
  });

  test('are named with the demands that they check, where they find something', () => {
    writeFileSync(join(folder, 'half.yaml'), policy('half', '{ podSelector: {}, policyTypes: [Ingress] }'));
    expect(tierwall(['lint', 'half.yaml']).stdout).toContain(
      'see CIS-5.3.2 Ensure that all Namespaces have Network Policies defined',
    );
    const { runs } = JSON.parse(tierwall(['lint', 'half.yaml', '-o', 'sarif']).stdout);
    const rule = runs[0].tool.driver.rules.find(({ id }: { id: string }) => id === 'require-default-deny-egress');
    expect(rule.properties.tags).toEqual(expect.arrayContaining(['CIS-5.3.2', 'NSA-CISA-default-deny']));
  });

  test('are a page of Markdown, and data', () => {
    expect(tierwall(['rules', '-o', 'md']).stdout).toContain('### no-host-bits');
    expect(JSON.parse(tierwall(['rules', '-o', 'json']).stdout)).toMatchObject({ version: 1 });
  });
});
