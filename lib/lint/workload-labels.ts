import type { PlacedWorkload } from '../model/cluster';
import type { Place } from '../model/issue';
import { stableLabels } from '../model/volatile-labels';
import { ObjectPlace } from '../read/object-place';
import { toYaml } from '../render/yaml';
import { labelsToString } from './label-distance';

/** Where a workload says its name. */
export function namePlace({ place }: PlacedWorkload): Place {
  return place instanceof ObjectPlace ? place.at('metadata.name') : place;
}

/** As in ``its pods are labelled `app=web` ``. */
export function labelledText(workload: PlacedWorkload): string {
  const labels = labelsToString([workload], []);
  return labels === '' ? 'its pods have no labels' : `its pods are labelled ${labels}`;
}

/** What selects the pods, as in `{ app: web }`; undefined where nothing does from release to release. */
export function selectorText(workload: PlacedWorkload): string | undefined {
  const labels = ownLabels(workload).map(([key, value]) => toYaml({ [key]: value }).trimEnd());
  return labels.length > 0 ? `{ ${labels.join(', ')} }` : undefined;
}

/** The service of an app that names the pods. */
export function serviceText(workload: PlacedWorkload): string {
  const labels = ownLabels(workload).map(([key, value]) => `${/^[a-z]\w*$/i.test(key) ? key : `'${key}'`}: '${value}'`);
  const props = labels.length > 0 ? `, { labels: { ${labels.join(', ')} } }` : '';
  return `\`new Service(…, '${workload.name}'${props})\``;
}

function ownLabels({ selector, podLabels }: PlacedWorkload): [string, string][] {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.entries(matchExpressions.length > 0 ? stableLabels(podLabels) : matchLabels);
}
