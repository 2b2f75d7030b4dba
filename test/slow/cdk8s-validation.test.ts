import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, attempt, bin, install, makeProject, pack } from '../support/installed-project';

const main = (more: string) => `import { App } from 'cdk8s';
import { Environment, Namespace, Peer, Service, suppressFinding } from 'tierwall';

const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const web = new Service(shop, 'web', { ports: { http: 80 } });
web.allowTo(Peer.anyAddress(), { ports: [80], because: 'mirrors' });
${more}
app.synth();
`;

const settings = (failOn: string) => `language: typescript
app: npx ts-node main.ts
tierwall: { lint: { failOn: ${failOn} } }
validations:
  - package: ./node_modules/tierwall
    version: 0.1.0
    class: TierwallValidation
`;

let folder = '';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const compilerOptions = { module: 'CommonJS', target: 'ES2022', strict: true, skipLibCheck: true, types: ['node'] };
  folder = makeProject(
    { 'main.ts': main(''), 'tsconfig.json': { compilerOptions }, 'cdk8s.yaml': settings('warning') },
    { main: 'main.js', types: 'main.ts' },
  );
  install(folder, [
    pack(),
    at('cdk8s'),
    at('constructs'),
    'cdk8s-cli@2.207.60',
    '@types/node@20',
    at('typescript'),
    at('ts-node'),
  ]);
});

/** Runs the real cdk8s-cli; without the question whether a newer one exists, which needs the network. */
function synth(args: readonly string[] = []) {
  const { status, stdout, stderr } = attempt(bin(folder, 'cdk8s'), ['synth', '--check-upgrade=false', ...args], folder);
  return { status, text: stdout + stderr };
}

describe('cdk8s synth with `validations:`', () => {
  test('fails by the rules of lint, and names the line of the code, the object and what to do', () => {
    const reports = join(folder, 'reports.json');
    const { status, text } = synth(['--validation-reports-output-file', reports]);
    expect([status, text]).toEqual([2, expect.stringContaining('Validation failed')]);
    const [{ summary, violations }] = JSON.parse(readFileSync(reports, 'utf8')).reports;
    expect(summary).toMatchObject({ status: 'failure', metadata: { Linted: '2 policies', 'Fails on': 'warning' } });
    const rules = violations.map(({ ruleName }: { ruleName: string }) => ruleName);
    expect(rules).toEqual(['no-any-address', 'no-metadata-address']);
    const [{ violatingConstructs, fix }] = violations;
    expect(fix).toContain('name the ranges that are meant');
    expect(violatingConstructs[0]).toMatchObject({
      resourceName: 'tierwall-web',
      manifestPath: 'dist/tierwall-prod.k8s.yaml',
      constructPath: expect.stringContaining('NetworkPolicy-shop-tierwall-web'),
      locations: [
        expect.stringMatching(
          /^main\.ts:7 \(prod\/shop\/web\), spec\.egress\[\d\].* in line \d+: warning: policy `shop\/tierwall-web`/,
        ),
      ],
    });
    rmSync(reports);
  });

  test('passes once the code accepts what is found, with a reason', () => {
    writeFileSync(
      join(folder, 'main.ts'),
      main("suppressFinding(web, ['no-any-address', 'no-metadata-address'], { because: 'mirrors' });"),
    );
    const { status, text } = synth();
    expect([status, text]).toEqual([0, expect.stringContaining('Validations ended succesfully')]);
    expect(existsSync(join(folder, 'dist/tierwall-prod.k8s.yaml'))).toBe(true);
  });

  test('takes the settings of the project', () => {
    writeFileSync(join(folder, 'main.ts'), main(''));
    writeFileSync(join(folder, 'cdk8s.yaml'), settings('error'));
    expect(synth().status).toBe(0);
  });
});
