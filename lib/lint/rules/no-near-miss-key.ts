import type { PlacedWorkload } from '../../model/cluster';
import { deployment, documents } from '../examples';
import type { LintRule } from '../rule';

const named = (key: string) => deployment('cart').replaceAll('app: cart', `${key}: cart`);

export const noNearMissKey: LintRule = {
  id: 'no-near-miss-key',
  group: 'consistency',
  severity: 'warning',
  wrong: 'workloads write one label key in different ways',
  why: 'Keys are compared letter by letter. A selector for `app` misses pods labelled `App`, and nobody is told.',
  todo: 'write the key in one way everywhere',
  references: [],
  good: [{ yaml: documents(deployment('web'), named('app')) }, { yaml: documents(deployment('web'), named('apps')) }],
  bad: [{ yaml: documents(deployment('web'), deployment('db'), named('App')), at: [''] }],
  *check({ cluster }) {
    const spellings = new Map<string, Map<string, PlacedWorkload[]>>();
    for (const workload of cluster.workloads) {
      for (const key of Object.keys(workload.podLabels)) {
        const alike = key.toLowerCase().replace(/[-_.]/g, '');
        const ways = spellings.get(alike) ?? new Map<string, PlacedWorkload[]>();
        spellings.set(alike, ways);
        const list = ways.get(key);
        if (list) list.push(workload);
        else ways.set(key, [workload]);
      }
    }
    for (const ways of spellings.values()) {
      const [most, ...others] = [...ways].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
      for (const [key, workloads] of others) {
        const [{ namespace, name, place }] = workloads as [PlacedWorkload];
        const more = workloads.length > 1 ? ` and ${workloads.length - 1} more` : '';
        yield {
          message: `\`${namespace}/${name}\`${more} has the label key \`${key}\`, where ${most![1].length} others have \`${most![0]}\``,
          place,
        };
      }
    }
  },
};
