import { describe, expect, test } from 'vitest';
import { liveObjects } from '../../lib/cluster/live-objects';
import { fieldsOf } from '../../lib/validation/json-value';
import { answerJson, withApiServer } from '../support/fake-api-server';

/** The kinds of objects that are received of a server which has one of each kind, and the notes; these kinds must not be listed. */
function received(forbidden: RegExp, status = 403) {
  const kinds: string[] = [];
  const notes: string[] = [];
  return withApiServer(
    ({ url }, response) => {
      if (url === '/apis') answerJson(response, 200, { groups: [] });
      else if (forbidden.test(url!))
        answerJson(response, status, { kind: 'Status', message: 'User "u" cannot list resource' });
      else answerJson(response, 200, { metadata: {}, items: [{ metadata: { name: 'one', namespace: 'shop' } }] });
    },
    async (api) => {
      for await (const { object } of liveObjects(api, (note) => void notes.push(note), { detail: 'settings' }))
        kinds.push(`${fieldsOf(object)['kind']}`);
      return { kinds, notes };
    },
  );
}

describe('who may use the API server', () => {
  test('is told by ServiceAccounts and bindings', async () => {
    const { kinds, notes } = await received(/^$/);
    expect(kinds).toEqual(expect.arrayContaining(['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding']));
    expect(notes).toEqual([]);
  });

  test('is everybody where these may not be listed, and that is said', async () => {
    const { kinds, notes } = await received(/serviceaccounts|rolebindings/);
    expect(kinds.filter((kind) => /Account|Binding/.test(kind))).toEqual(['ClusterRoleBinding', 'ClusterRoleBinding']);
    expect(notes).toHaveLength(3);
    expect(notes[0]).toMatch(
      /^cannot list serviceaccounts of cluster c: .*: as far as is known, every workload may use the API server; let an administrator apply what `tierwall rbac` prints/,
    );
  });

  test('is everybody where the server does not serve bindings, as without RBAC', async () => {
    const { kinds, notes } = await received(/rolebindings/, 404);
    expect(kinds.filter((kind) => /Account|Binding/.test(kind))).toEqual([
      'ServiceAccount',
      'ClusterRoleBinding',
      'ClusterRoleBinding',
    ]);
    expect(notes).toHaveLength(2);
  });

  test('is not asked for in vain: what is needed beside it still has to be listed', async () => {
    await expect(received(/configmaps|rolebindings/)).rejects.toThrow('cannot list configmaps');
  });
});
