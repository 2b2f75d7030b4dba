import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validateNamespace } from '../../../lib/validation/namespace';
import { validateNetworkPolicy } from '../../../lib/validation/network-policy';
import { casesAt } from '../../support/cases';
import type { Answer } from '../support/api-client';
import { ControlPlane } from '../support/control-plane';
import { describeWith } from '../support/describe-with';
import { again, drawn } from '../support/drawn';
import { apiServer } from '../support/requirements';
import { arbitraryNamespace, arbitraryPolicy } from './arbitrary-policy';
import { ourVerdict, serverVerdict, type Verdict } from './server-verdict';

interface Policy {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

interface Case {
  readonly id: string;
  readonly name: string;
  readonly object: Policy;
  readonly old?: Policy;
  readonly strictIPCIDRValidation: boolean;
}

const file = casesAt('k8s-validation', 'cases.json');
const cases = file ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases : [];

/** A server finds an object by its name, and so refuses another one before it validates. */
const rename = 'change_name';

const dryRun = '?dryRun=All&fieldValidation=Strict';
const policiesOf = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

describeWith(apiServer, 'what our validation says is what the server says', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start();
    for (const name of ['shop', 'bar']) await plane.namespace(name);
  });
  afterAll(() => plane?.stop());

  /** Of thousands of objects as many are asked for at once as there are connections. */
  async function differences(
    objects: readonly unknown[],
    ours: (object: unknown) => Verdict,
    path: string,
    isSame = same,
  ): Promise<string[]> {
    const found: string[] = [];
    const counted: Record<Verdict['outcome'], number> = { accepted: 0, invalid: 0, undecodable: 0 };
    await Promise.all(
      objects.map(async (object) => {
        const answer = await plane.admin.ask('POST', `${path}${dryRun}`, object);
        const [server, own] = [serverVerdict(answer), ours(object)];
        counted[server.outcome]++;
        if (!isSame(server, own)) found.push(difference(object, server, own, answer));
      }),
    );
    // A sample that is all valid, or all broken, would show little.
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(objects.length / 50);
    return found;
  }

  test(`on thousands of NetworkPolicies, valid and broken (${again})`, async () => {
    const objects = drawn(arbitraryPolicy('shop'), 5000);
    const found = await differences(objects, (object) => ourVerdict(validateNetworkPolicy(object)), policiesOf('shop'));
    expect(found.slice(0, 10)).toEqual([]);
  });

  test(`on a thousand Namespaces, valid and broken (${again})`, async () => {
    const objects = drawn(arbitraryNamespace(), 1000);
    const ours = (object: unknown) => ourVerdict(validateNamespace(object));
    const found = await differences(objects, ours, '/api/v1/namespaces', sameButForTheNameAsLabel);
    expect(found.slice(0, 10)).toEqual([]);
  });

  test.skipIf(!file)("on the API server's own 55 cases (skipped where ../shared/cases is absent)", async () => {
    expect(cases).toHaveLength(55);
    const found: string[] = [];
    const compare = async (given: Case, ipFormat: 'legacy' | 'strict') => {
      const { object, old } = given;
      const answer = await (old
        ? replaced(old, object, given.id)
        : plane.admin.ask('POST', `${policiesOf('bar')}${dryRun}`, object));
      const server = serverVerdict(answer);
      const errors = validateNetworkPolicy(object, { ipFormat });
      // The server checks a replacement by the rules for a new object and by those for an update.
      const own = ourVerdict(old ? [...errors, ...validateNetworkPolicy(object, { ipFormat, old })] : errors);
      if (!same(server, own)) found.push(`${given.id}: ${difference(object, server, own, answer)}`);
    };
    for (const { id, old } of cases) if (old) await stored(old, id);
    for (const given of cases) if (!given.strictIPCIDRValidation) await compare(given, 'legacy');
    await plane.apiServer.restart(['--feature-gates=StrictIPCIDRValidation=true']);
    for (const given of cases)
      if (given.strictIPCIDRValidation && given.name !== rename) await compare(given, 'strict');
    expect(found).toEqual([]);

    const renamed = cases.find(({ name }) => name === rename)!;
    const answer = await replaced(renamed.old!, renamed.object, renamed.id);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('does not match the name')]);
  });

  /** The stored object of a case, in a namespace of its own. */
  async function stored({ metadata, ...rest }: Policy, namespace: string): Promise<void> {
    await plane.namespace(namespace);
    await plane.admin.done('POST', policiesOf(namespace), { ...rest, metadata: { name: metadata.name, namespace } });
  }

  async function replaced(old: Policy, { metadata, ...rest }: Policy, namespace: string): Promise<Answer> {
    const path = `${policiesOf(namespace)}/${old.metadata.name}`;
    const { resourceVersion } = (await plane.admin.done('GET', path)).metadata;
    const object = { ...rest, metadata: { ...metadata, namespace, resourceVersion } };
    return plane.admin.ask('PUT', `${path}${dryRun}`, object);
  }
});

function same(server: Verdict, own: Verdict): boolean {
  if (server.outcome !== own.outcome) return false;
  return JSON.stringify(server.errors) === JSON.stringify(own.errors);
}

/** The server labels a namespace with its name before it validates, and so reports a bad one twice. */
function sameButForTheNameAsLabel(server: Verdict, own: Verdict): boolean {
  if (!own.errors.includes('metadata.name FieldValueInvalid')) return same(server, own);
  const without = ({ outcome, errors }: Verdict): Verdict => ({
    outcome,
    errors: errors.filter((error) => error !== 'metadata.labels FieldValueInvalid'),
  });
  return same(without(server), without(own));
}

function difference(object: unknown, server: Verdict, own: Verdict, answer: Answer): string {
  const text = JSON.stringify(object).replace(/a{60,}/g, (run) => `<${run.length} times a>`);
  return `${text}\n  the server: ${JSON.stringify(server)} ${answer.body.message}\n  we: ${JSON.stringify(own)}`;
}
