import type { Finding, RelatedPlace, RuleDescriptor, Severity } from '../../model/finding';
import type { Place } from '../../model/issue';
import type { Policy } from '../../model/policy';
import type { DriftWorld } from './drift-world';
import type { Effect } from './effect';

/** A finding with what it is about, for those who act on it. */
export interface DriftFinding extends Finding {
  readonly namespace: string | undefined;
  /** Where it is about one. */
  readonly policyName?: string;
  readonly effects: readonly Pick<Effect, 'kind' | 'text' | 'now'>[];
}

/** More effects than these are counted. */
const mostEffects = 20;

export interface Found {
  readonly message: string;
  readonly severity?: Severity;
  readonly world: DriftWorld;
  /** What is to be mended, live where it is there. */
  readonly policy?: Policy | undefined;
  /** @default that of the policy */
  readonly namespace?: string;
  readonly place?: Place;
  /** The policy of the intent, which has a line in the code. */
  readonly intended?: Policy | undefined;
  readonly effects?: readonly Effect[];
  readonly hint?: string;
}

export function finding(rule: RuleDescriptor, found: Found): DriftFinding {
  const { message, severity = rule.severity, world, policy, intended, effects = [], hint = rule.todo } = found;
  const declared = intended && world.intended.declaredAt(intended);
  return {
    rule: rule.id,
    severity,
    message,
    place: found.place ?? policy?.place ?? {},
    ...(declared ? { declared } : {}),
    related: relatedTo(effects, world),
    hint,
    namespace: found.namespace ?? policy?.namespace,
    ...(policy ? { policyName: policy.name } : {}),
    effects: effects.map(({ kind, text, now }) => ({ kind, text, now })),
  };
}

function relatedTo(effects: readonly Effect[], { intended }: DriftWorld): RelatedPlace[] {
  const shown = effects.slice(0, mostEffects).flatMap((effect): RelatedPlace[] => {
    const { rule } = effect.statement;
    const intents = rule && effect.kind === 'closes' ? intended.intentsOf(rule) : [];
    return [
      { text: effectText(effect), place: rule?.place ?? {} },
      ...intents.map(({ text, place }) => ({ text: `declared by ${text}`, place })),
    ];
  });
  const rest = effects.length - mostEffects;
  return rest > 0 ? [...shown, { text: `${rest} more`, place: {} }] : shown;
}

/** What a policy opens, the other side's policies may still deny. */
function effectText({ kind, text, now }: Effect): string {
  const isHalf = kind === 'opens' && now === 'denied';
  return `${kind} ${text}${isHalf ? ', which the other side still denies' : ''}`;
}
