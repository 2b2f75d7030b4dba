import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { NetworkPolicy } from 'tierwall';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, program } from '../../support/arbitrary-program';
import { policiesOf } from '../../support/program';
import { ControlPlane } from '../support/control-plane';
import { describeWith } from '../support/describe-with';
import { again, drawn } from '../support/drawn';
import { apiServer } from '../support/requirements';

const root = resolve(__dirname, '../../..');

/** What kubectl logs of a kustomization with an order of its own. */
const sortedAsWritten = expect.stringMatching(
  /^\S+ \S+ +\d+ log\.go:\d+\] Warning: Sorting order is set both in [^\n]*\n$/,
);

/** Folders for `kubectl apply -k`: each environment of each app. */
const environments = ['online-boutique', 'platform'].flatMap((app) => {
  const folder = join(root, 'apps', app, 'policies');
  return readdirSync(folder).map((environment) => [`${app}/${environment}`, join(folder, environment)] as const);
});

describeWith(apiServer, 'what is emitted is accepted by a real API server, without a warning', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start();
  });
  afterAll(() => plane?.stop());

  test.for(environments)('%s: each object, dry, with strict fields, and as it is stored', async ([, folder]) => {
    const objects = objectsIn(folder);
    for (const { metadata } of objects) await plane.namespace(metadata.namespace ?? metadata.name);
    for (const object of objects) {
      const dry = await plane.admin.ask('POST', `${pathOf(object)}?dryRun=All&fieldValidation=Strict`, object);
      const exists = isNamespace(object);
      expect([dry.status, dry.warnings, dry.body.message]).toEqual(
        exists ? [409, [], expect.anything()] : [201, [], undefined],
      );
      if (!exists) expect(dry.body.spec).toEqual(object.spec);
    }
  });

  test.for(environments)('%s: as a folder, by kubectl', ([, folder]) => {
    const strictly = ['--server-side', '--validate=strict', '--field-manager=tierwall'];
    for (const pass of [['--dry-run=server'], [], []]) {
      expect(kubectl('apply', '-k', folder, ...strictly, ...pass)).toMatchObject({
        status: 0,
        stderr: sortedAsWritten,
      });
    }
    expect(kubectl('diff', '-k', folder, '--server-side', '--field-manager=tierwall')).toEqual({
      status: 0,
      stdout: '',
      stderr: sortedAsWritten,
    });
  });

  test(`random programs: applied and stored as they are written (${again})`, async () => {
    for (const name of ['one', 'two']) await plane.namespace(name);
    for (const statements of drawn(program, 100)) {
      const policies = policiesOf(build(statements));
      const answers = await Promise.all(
        policies.map((policy) => {
          const path = `${pathOf(policy)}/${policy.metadata.name}?fieldManager=tierwall&force=true&fieldValidation=Strict`;
          return plane.admin.ask('PATCH', path, policy, 'application/apply-patch+yaml');
        }),
      );
      expect(answers.map(({ status, warnings }) => [status, warnings])).toEqual(
        policies.map(() => [expect.toBeOneOf([200, 201]), []]),
      );
      expect(answers.map(({ body }) => body.spec)).toEqual(policies.map(({ spec }) => spec));
    }
  });

  test.for([['--server-side=false'], ['--server-side=true']])(
    'policyTypes that are not written stay as they were filled in, by kubectl apply %s',
    async (how) => {
      const name = how.join('').replace('--server-side=', 'types-');
      const folder = mkdtempSync(join(tmpdir(), 'types-'));
      const apply = async (rules: string) => {
        const head = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: one }\n`;
        writeFileSync(join(folder, 'policy.yaml'), `${head}spec: { podSelector: {}, ${rules} }\n`);
        expect(kubectl('apply', '-f', folder, ...how)).toMatchObject({ status: 0, stderr: '' });
        const stored = await plane.admin.done(
          'GET',
          `/apis/networking.k8s.io/v1/namespaces/one/networkpolicies/${name}`,
        );
        return stored.spec.policyTypes;
      };
      await plane.namespace('one');
      expect(await apply('ingress: []')).toEqual(['Ingress']);
      expect(await apply('ingress: [], egress: [{ ports: [{ port: 443 }] }]')).toEqual(['Ingress']); // of a new policy: Egress, too
      rmSync(folder, { recursive: true });
    },
  );

  test('what it does not accept, or warns of, is seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'refused-'));
    await plane.namespace('one');
    const policy = (cidr: string, more = '') =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: one }\nspec: { podSelector: {}, ${more} ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }] }\n`;
    const answerTo = (text: string) => {
      writeFileSync(join(folder, 'policy.yaml'), text);
      return kubectl('apply', '-f', folder, '--server-side', '--validate=strict');
    };
    expect(answerTo(policy('10.0.0.1/8'))).toMatchObject({ status: 0, stderr: expect.stringContaining('Warning: ') });
    expect(answerTo(policy('10.0.0.1/33'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('must be a valid CIDR'),
    });
    expect(answerTo(policy('10.0.0.0/8', 'form: [],'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('.spec.form: field not declared'),
    });
    rmSync(folder, { recursive: true });
  });

  function kubectl(...args: string[]) {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig() };
    const { status, stdout, stderr } = spawnSync(plane.kubectl, args, { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }
});

function objectsIn(folder: string): NetworkPolicy[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  return files
    .map((path) => load(readFileSync(join(folder, path), 'utf8')) as NetworkPolicy)
    .filter((object) => (object.kind as string) !== 'Kustomization')
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function pathOf(object: NetworkPolicy): string {
  if (isNamespace(object)) return '/api/v1/namespaces';
  return `/apis/networking.k8s.io/v1/namespaces/${object.metadata.namespace}/networkpolicies`;
}

function isNamespace({ kind }: { readonly kind: string }): boolean {
  return kind === 'Namespace';
}
