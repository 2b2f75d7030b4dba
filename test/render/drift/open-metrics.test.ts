import { expect, test } from 'vitest';
import { toOpenMetrics } from '../../../lib/render/drift/open-metrics';

test('metrics are written as OpenMetrics has them, with hostile text escaped', () => {
  const text = toOpenMetrics([
    { name: 'a_seconds', type: 'gauge', unit: 'seconds', help: 'How "long".', samples: [{ value: 1.5 }] },
    { name: 'b', type: 'counter', help: 'x', samples: [{ labels: { z: 'a\n"\\', n: '1' }, value: 3 }] },
    { name: 'c', type: 'counter', help: 'none yet', samples: [] },
  ]);
  expect(text).toBe(
    [
      '# TYPE a_seconds gauge',
      '# UNIT a_seconds seconds',
      '# HELP a_seconds How \\"long\\".',
      'a_seconds 1.5',
      '# TYPE b counter',
      '# HELP b x',
      'b_total{n="1",z="a\\n\\"\\\\"} 3',
      '# TYPE c counter',
      '# HELP c none yet',
      '# EOF',
      '',
    ].join('\n'),
  );
});
