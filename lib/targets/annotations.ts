import type { Flow } from '../model/flow';
import { type Declared, isGroup, type NamespaceModel, namespaceOf, type Party } from '../model/program';

export const sourceAnnotation = 'tierwall.dev/source';
export const becauseAnnotation = 'tierwall.dev/because';

const longest = 1000;

/** Why the policy is as it is: the construct that declares it, and the reasons that were given. Never a file or line. */
export function annotationsOf(
  declared: Declared,
  flows: readonly Flow[],
  namespace?: NamespaceModel,
): Record<string, string> {
  const parties = new Map<string, Set<string>>();
  for (const { direction, intent } of flows) {
    if (!intent.because && !intent.crossEnvironment && !intent.until) continue;
    const [word, party] = direction === 'ingress' ? ['from', intent.caller] : ['to', intent.callee];
    const until = intent.until ? `until ${intent.until}` : undefined;
    const reason = onOneLine([intent.because, intent.crossEnvironment, until].filter(Boolean).join(', '));
    const name = onOneLine(`${word} ${shortName(party, namespace)}`);
    if (reason) parties.set(reason, (parties.get(reason) ?? new Set()).add(name));
  }
  const because = shortened(
    [...parties].map(([reason, names]) => `${reason} (${[...names].sort().join(', ')})`).sort(),
  );
  return { ...(because ? { [becauseAnnotation]: because } : {}), [sourceAnnotation]: declared.path };
}

/** Without the characters that kustomize refuses in YAML, however they are written. */
export function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\uFFFE\uFFFF]+/gu, ' ');
}

/** Without the namespace for what is in the policy's own. */
function shortName(party: Party, own: NamespaceModel | undefined): string {
  if (!isGroup(party)) return party.description;
  const namespace = namespaceOf(party);
  if (party.kind === 'namespace') return party.name;
  return namespace === own ? party.name : `${namespace.name}/${party.name}`;
}

function shortened(reasons: readonly string[]): string {
  let text = '';
  for (const [i, reason] of reasons.entries()) {
    const next = text ? `${text}; ${reason}` : reason;
    if (next.length > longest) {
      const rest = reasons.length - i;
      if (text) return `${text}; and ${rest} more`;
      return `${cut(reason)}… (shortened)${rest > 1 ? `; and ${rest - 1} more` : ''}`;
    }
    text = next;
  }
  return text;
}

/** Between words; a word without end between characters: half of one, as UTF-16 has them, is no text that can be written. */
function cut(text: string): string {
  const short = text.slice(0, longest);
  const end = short.lastIndexOf(' ');
  return (end > 0 ? short.slice(0, end) : short).replace(/[\ud800-\udbff]$/, '').replace(/[,\s]+$/, '');
}
