import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Network, networkOfProject } from 'tierwall/vitest';
import { beforeAll, describe, expect, test } from 'vitest';
import { explainCommand } from '../../lib/cli/commands/explain';
import { refusal } from '../support/refusal';
import { runCommand } from '../support/run-command';

describe('a failing toAllow in an app', () => {
  const root = resolve(__dirname, '../..');
  const cwd = mkdtempSync(join(tmpdir(), 'proposals-'));
  const program = `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Never, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const prod = new Environment(app, 'prod');
const test = new Environment(app, 'test');
const shop = new Namespace(prod, 'shop');
const web = new Service(shop, 'web', { ports: { http: 8080 } });
const db = new Service(shop, 'db', { ports: { sql: 5432 } });
const vault = new Service(shop, 'vault', { ports: { api: 8200 } });
const probe = new Service(new Namespace(test, 'lab'), 'probe');
new Never(prod, 'vault-is-shut', { from: web, to: vault });
app.synth();
`;
  writeFileSync(join(cwd, 'cdk8s.yaml'), 'app: node main.js\n');
  writeFileSync(join(cwd, 'main.js'), program);
  let project: Network;
  beforeAll(async () => {
    project = await networkOfProject({ cwd });
  }, 60_000);

  const linesOf = (text: string) => /^What would allow it\n(?: {2}.*\n?)*/m.exec(text)?.[0].trimEnd().split('\n') ?? [];

  test.for([
    ['to which the port is to be declared first', 'shop/web', 'shop/db', '9999', 'ports'],
    ['that crosses environments', 'lab/probe', 'shop/db', '5432', 'crossEnvironment'],
    ['that a guarantee forbids', 'shop/web', 'shop/vault', '8200', 'vault-is-shut'],
    ['that only has to be declared', 'shop/web', 'shop/db', '5432', "{ from: web, ports: ['sql'] }"],
  ] as const)(
    'proposes for a connection %s just what `tierwall explain` proposes',
    async ([, from, to, port, told]) => {
      const failing = linesOf(refusal(() => expect(project).toAllow(from, to, Number(port))));
      const { stdout } = await runCommand(explainCommand, ['--from', from, '--to', to, '--port', port], cwd, {
        env: process.env,
      });
      expect(failing.join('\n')).toContain(told);
      // Explain shows the YAML that it comes to as well.
      expect(linesOf(stdout).filter((line) => failing.includes(line))).toEqual(failing);
    },
  );
});
