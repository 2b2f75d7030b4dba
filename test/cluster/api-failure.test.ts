import { expect, test } from 'vitest';
import { ApiFailure } from '../../lib/cluster/api-failure';

test('what a role lets nobody do is told from what the server refuses everybody', () => {
  const hint = (detail: string) => new ApiFailure('forbidden', 'apply networkpolicy a/b', detail, 403).toIssue().hint;
  expect(hint('User "alice" cannot patch resource "networkpolicies"')).toContain('`tierwall rbac`');
  expect(hint('unable to create new content in namespace a because it is being terminated')).toBe(
    'the server does not accept that, and says why',
  );
});
