import { expect, test } from 'vitest';
import { plain } from '../../lib/render/paint';
import { checkedToText, type ShownResult } from '../../lib/render/synth-result';

const file = (...lines: string[]) => `${lines.join('\n')}\n`;
const nothing: ShownResult = {
  out: '/work/policies',
  differences: [],
  unchanged: 1,
  lostIsolation: [],
  notes: [],
  ended: [],
  policies: 3,
  services: 2,
  intents: 1,
  proof: undefined,
};

test('an output that is not what the code gives shows lines of files that differ, and how many lines are missing or extra', () => {
  const before = file('kind: NetworkPolicy', 'spec:', '  port: 81');
  const after = file('kind: NetworkPolicy', 'spec:', '  port: 80', '  endPort: 90');
  const shown = checkedToText(
    {
      ...nothing,
      differences: [
        { path: 'prod/a.yaml', kind: 'added', before: undefined, after },
        { path: 'prod/b.yaml', kind: 'changed', before, after },
        { path: 'prod/c.yaml', kind: 'removed', before, after: undefined },
        { path: 'prod/d.yaml', kind: 'added', before: undefined, after: file('one') },
        { path: 'prod/e.yaml', kind: 'untracked', before: after, after },
      ],
    },
    'policies',
    plain,
  );
  expect(shown).toBe(`missing    policies/prod/a.yaml (4 lines)
differs    policies/prod/b.yaml (+2 -1)
     kind: NetworkPolicy
     spec:
    -  port: 81
    +  port: 80
    +  endPort: 90
extra      policies/prod/c.yaml (3 lines)
missing    policies/prod/d.yaml (1 line)
not in git policies/prod/e.yaml
policies: 5 files not as the code gives them
run \`tierwall synth\` and commit what it writes
`);
});
