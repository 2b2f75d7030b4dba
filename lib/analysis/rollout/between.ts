import type { Policy } from '../../model/policy';
import type { LabelBox } from '../../sets/label-box';
import { notHeld } from '../open-world/compare';
import { type PolicyStatement, relationOf } from '../open-world/relation';
import { pairBox, type Statement } from '../open-world/statement';
import { StatementIndex } from '../open-world/statement-index';
import type { Universe } from '../open-world/universe';
import { witnessOf, witnessToString } from '../open-world/witness';

/** What is allowed at the start and at the end, which bounds what may be allowed in between; of one namespace. */
export class Bounds {
  constructor(
    private readonly namespace: string,
    private readonly start: readonly Policy[],
    private readonly end: readonly Policy[],
    private readonly universe: Universe,
  ) {}

  /**
   * A connection that a state in between cuts, and one that it opens, of the pods in `subjects`: all others are as they were.
   * Undefined: none.
   */
  judge(
    state: readonly Policy[],
    subjects: readonly LabelBox[],
  ): { cuts: string | undefined; widens: string | undefined } {
    let [cuts, widens]: (string | undefined)[] = [];
    for (const subject of subjects) {
      const [start, end, now] = [this.start, this.end, state].map((policies) => this.relation(policies, subject)) as [
        PolicyStatement[],
        PolicyStatement[],
        PolicyStatement[],
      ];
      cuts ??= shown(notHeld(inBoth(start, end), now));
      widens ??= shown(notHeld(now, [...start, ...end]));
    }
    return { cuts, widens };
  }

  private relation(policies: readonly Policy[], subject: LabelBox): PolicyStatement[] {
    const about = policies.filter(({ pods }) => pods.meets(subject));
    const own = pairBox(subject);
    return relationOf(about, [this.namespace], this.universe).flatMap((statement) => {
      const labels = statement.labels.intersect(own);
      return labels.isEmpty ? [] : [{ ...statement, labels }];
    });
  }
}

function inBoth(these: readonly Statement[], those: readonly Statement[]): Statement[] {
  const index = new StatementIndex(those);
  return these.flatMap((one) =>
    index.near(one).flatMap((other): Statement[] => {
      if (one.peers !== other.peers || (one.addresses === undefined) !== (other.addresses === undefined)) return [];
      const labels = one.labels.intersect(other.labels);
      const ports = one.ports.intersect(other.ports);
      const addresses = one.addresses && other.addresses ? one.addresses.intersect(other.addresses) : undefined;
      return labels.isEmpty || ports.isEmpty || addresses?.isEmpty ? [] : [{ ...one, labels, ports, addresses }];
    }),
  );
}

function shown(
  found: Generator<readonly [Statement, Pick<Statement, 'labels' | 'addresses' | 'ports'>]>,
): string | undefined {
  const { value, done } = found.next();
  return done ? undefined : witnessToString(witnessOf({ ...value[0], ...value[1] }));
}
