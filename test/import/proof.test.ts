import { expect, test } from 'vitest';
import { proveImport } from '../../lib/import/prove-import';
import { runCode } from '../../lib/import/run-code';
import { importedFrom, inputFrom } from './imported';

const policies = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  policyTypes: [Ingress]
  ingress:
  - from: [{ podSelector: { matchLabels: { app: api } } }]
    ports: [{ port: 5432 }]
`;

test.for([
  [
    'loses a statement',
    /^ {2}db\.allowFrom.*$/m,
    '',
    'lost',
    'pod {app=api} of shop → pod {app=db} of shop on 5432/TCP',
  ],
  [
    'opens another port',
    /ports: \[5432\]/,
    'ports: [5432, 80]',
    'gained',
    'pod {app=api} of shop → pod {app=db} of shop on 80/TCP',
  ],
  ['lets everybody in', /allowFrom\(api/, 'allowFrom(Peer.anyPod()', 'gained', /→ pod \{app=db\} of shop on 5432\/TCP/],
  [
    'isolates another direction',
    /isolates: 'ingress'/,
    "isolates: 'both'",
    'lost',
    /pod \{app=db\} of shop → .* on any/,
  ],
  ['isolates other pods too', ", { isolates: 'none' }", '', 'lost', /→ pod \{app=api\} of shop on any/],
] as const)(
  'an app that %s is not what was imported, and one connection shows it',
  async ([, text, other, kind, connection]) => {
    const { files } = await importedFrom(policies);
    const path = 'namespaces/shop.ts';
    const changed = files.get(path)!.replace(text, other).replace('{ Namespace, S', '{ Namespace, Peer, S');
    expect(changed).not.toBe(files.get(path));
    const { cluster } = await inputFrom(policies);
    const proof = proveImport(new Map([...files, [path, changed]]), cluster.policies);
    expect(proof.verdict).toBe('different');
    expect(proof.differences).toContainEqual(
      expect.objectContaining({
        kind,
        connection: typeof connection === 'string' ? connection : expect.stringMatching(connection),
      }),
    );
  },
);

test('what is proved is the text that is written, run as it is', async () => {
  const { files } = await importedFrom(policies);
  const broken = new Map([...files, ['namespaces/shop.ts', 'export const shop = nowhere();\n']]);
  expect(() => runCode(broken)).toThrow('nowhere is not defined');
});
