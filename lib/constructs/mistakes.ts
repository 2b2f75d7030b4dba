import type { Issue } from '../model/issue';
import type { Declared } from '../model/program';

/** A second construct of one id in one scope. */
export function duplicate(kind: string, id: string, declared: Declared): Issue {
  return {
    code: `duplicate-${kind}`,
    message: `${kind} \`${id}\` is declared twice in \`${declared.path.split('/').slice(0, -1).join('/')}\``,
    place: placeOf(declared),
    hint: 'give one of them another id',
  };
}

export function placeOf(declared: Declared): Issue['place'] {
  return { construct: declared.path, ...(declared.origin ? { origin: declared.origin } : {}) };
}
