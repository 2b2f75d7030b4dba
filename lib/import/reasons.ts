import type { Direction, Policy } from '../model/policy';
import { policyLabels } from '../model/policy-labels';
import type { AnyObject } from '../read/documents';
import { becauseAnnotation, sourceAnnotation } from '../targets/annotations';
import { fieldsOf, textOf } from '../validation/json-value';
import { atomKey } from './atom-key';
import { asReason, Comments } from './comments';
import { holdsPeer } from './holds-opening';
import { verbOf } from './plan';
import type { Opening, SourcedOpening } from './subjects';

/** What tierwall wrote about a policy of its own. */
export interface Written {
  /** Construct path: environment, namespace, perhaps a tier, and the service or policy. */
  readonly path: readonly string[];
  /** Reasons by party, as in `from shop/cart`. */
  readonly because: ReadonlyMap<string, string>;
  /** All of it, as of a policy that is kept as it is. */
  readonly text: string;
}

/** Of what several rules open together. */
const mostReasons = 3;

const descriptive = /(^|\/)(description|reason|purpose|because)$/;

/** Why rules are there, as far as their authors say it: in annotations, else in comments. */
export class Reasons {
  private readonly comments = new Comments();
  private readonly written = new Map<Policy, Written | undefined>();

  constructor(private readonly objects: ReadonlyMap<string, AnyObject>) {}

  /** What tierwall says of a policy that it wrote; undefined for those of others. */
  writtenOf(policy: Policy): Written | undefined {
    if (!this.written.has(policy)) this.written.set(policy, this.readWritten(policy));
    return this.written.get(policy);
  }

  /** @param party as annotations call it */
  of(direction: Direction, opening: Opening, sources: readonly SourcedOpening[], party: string): string | undefined {
    const fitting = sources.filter(({ peer, ports }) => holdsPeer(peer, opening.peer) && ports.mayMeet(opening.ports));
    const same = fitting.filter(({ peer }) => atomKey(peer) === atomKey(opening.peer));
    const found = (some: readonly SourcedOpening[]) => {
      return [...new Set(some.flatMap((source) => this.reasonOf(source, `${verbOf(direction)} ${party}`) ?? []))];
    };
    const reasons = found(same);
    return reasons.length > 0 ? reasons.slice(0, mostReasons).join(', and ') : found(fitting)[0];
  }

  private reasonOf({ rule, peerIndex }: SourcedOpening, party: string): string | undefined {
    const written = this.writtenOf(rule.policy);
    if (written) return written.because.get(party);
    return this.comments.ofRule(rule, peerIndex) ?? this.ofPolicy(rule.policy);
  }

  private ofPolicy(policy: Policy): string | undefined {
    const { annotations } = this.metadataOf(policy);
    const [, text] = Object.entries(fieldsOf(annotations)).find(([key]) => descriptive.test(key)) ?? [];
    return asReason(textOf(text)) ?? this.comments.ofPolicy(policy);
  }

  private readWritten(policy: Policy): Written | undefined {
    const { labels, annotations } = this.metadataOf(policy);
    const managed = Object.entries(policyLabels).every(([key, value]) => fieldsOf(labels)[key] === value);
    const source = textOf(fieldsOf(annotations)[sourceAnnotation]);
    if (!managed || source === '') return undefined;
    const text = textOf(fieldsOf(annotations)[becauseAnnotation]);
    return { path: source.split('/'), because: reasonsIn(text), text };
  }

  private metadataOf({ namespace, name }: Policy): Readonly<Record<string, unknown>> {
    return fieldsOf(this.objects.get(`${namespace}/${name}`)?.['metadata']);
  }
}

/** Takes apart what `annotationsOf` puts together. */
function reasonsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of text.split('; ')) {
    const [, reason, parties] = /^(.*) \(((?:from|to) .*)\)$/.exec(entry) ?? [];
    for (const party of parties?.split(/, (?=from |to )/) ?? []) found.set(party, reason!);
  }
  return found;
}
