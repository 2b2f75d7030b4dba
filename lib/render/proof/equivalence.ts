import { counted } from '../connectivity/visible-text';
import type { Paint } from '../paint';

/** The part of a comparison of two sets of policies that is shown. */
export interface ShownEquivalence {
  readonly verdict: 'equal' | 'different' | 'unknown';
  readonly differences: readonly {
    readonly kind: 'lost' | 'gained';
    readonly direction: 'ingress' | 'egress';
    /** As in `pod {app=web} of shop → 203.0.113.7 on 443/TCP`. */
    readonly connection: string;
    readonly allowedBy: string;
    readonly place: string;
  }[];
  readonly unread: readonly string[];
  readonly statements: number;
  /** Namespaces whose policies say the same. */
  readonly alike: number;
}

/** How the two sets are named to the reader. */
export interface Names {
  readonly before: string;
  readonly after: string;
}

export function equivalenceToText(result: ShownEquivalence, { before, after }: Names, paint: Paint): string {
  const lines = result.differences.map(({ kind, direction, connection, allowedBy, place }) => {
    const only = kind === 'lost' ? before : after;
    const where = place ? ` (${place})` : '';
    const line = `only \`${only}\` lets through, for ${direction}: ${connection}, by ${allowedBy}${where}`;
    return kind === 'lost' ? paint.red(`- ${line}`) : paint.green(`+ ${line}`);
  });
  const unread = result.unread.map((what) => `unknown: ${what} is a policy of a kind that is not read`);
  return `${[...lines, ...unread, verdict(result, paint)].join('\n')}\n`;
}

export function equivalenceToJson(result: ShownEquivalence, names: Names): string {
  return `${JSON.stringify({ version: 1, ...names, ...result }, undefined, 2)}\n`;
}

function verdict({ verdict: word, differences, statements, alike }: ShownEquivalence, paint: Paint): string {
  const boxes = `${counted(statements, 'box', 'boxes')} of connections compared, over every possible pod and address`;
  const same = `the same rules in ${alike} ${alike === 1 ? 'namespace' : 'namespaces'}`;
  const compared = [...(alike > 0 ? [same] : []), ...(statements > 0 || alike === 0 ? [boxes] : [])].join(', ');
  if (word === 'equal') return `${paint.green('proved: both allow the same')}; ${compared}`;
  if (word === 'unknown') return `${paint.red('unknown')}; ${compared}`;
  const count = `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}, one connection shown for each`;
  return `${paint.red(`different: ${count}`)}; ${compared}`;
}
