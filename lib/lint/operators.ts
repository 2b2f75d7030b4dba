import type { Cluster } from '../model/cluster';
import type { LabelBox } from '../sets/label-box';

/** Kinds that are named, where it is not known which of them is meant. */
const mostNamed = 3;

/**
 * The rest of a finding about labels that no known pod has: only a note where an operator may run what has them, which the hint then says.
 */
export function unmatched(
  hint: string,
  cluster: Pick<Cluster, 'skipped'>,
  labels: LabelBox,
): { readonly hint: string; readonly severity?: 'info' } {
  const unread = unreadPods(cluster, labels.toString());
  return unread === undefined ? { hint } : { hint: `${hint}; ${unread}`, severity: 'info' };
}

/**
 * What is to be said where a selector matches nothing and the input holds objects of kinds that others than Kubernetes define: their controllers
 * may run pods that no manifest names, as the operator of a `Prometheus` does, so that what is known of a namespace may not be all.
 * Undefined where there are none.
 *
 * @param selector as text; kinds that it names are the ones that are meant
 */
function unreadPods({ skipped }: Pick<Cluster, 'skipped'>, selector: string): string | undefined {
  const kinds = [
    ...new Set(
      [...skipped.keys()].flatMap((key) => {
        const [, group, kind] = /^([^/ ]+\.[^/ ]+)\/\S* (\S+)$/.exec(key) ?? [];
        const isOfOthers = group && !group.endsWith('.k8s.io') && !group.endsWith('.kubernetes.io');
        return isOfOthers && kind ? [kind] : [];
      }),
    ),
  ].sort();
  if (kinds.length === 0) return undefined;
  const named = kinds.filter((kind) => selector.toLowerCase().includes(kind.toLowerCase()));
  const meant = named.length > 0 ? named : kinds;
  const rest = meant.length > mostNamed ? ` and ${meant.length - mostNamed} more kinds` : '';
  const shown = meant.slice(0, mostNamed).map((kind) => `\`${kind}\``);
  return `pods that an operator runs for ${shown.join(', ')}${rest} are not read`;
}
