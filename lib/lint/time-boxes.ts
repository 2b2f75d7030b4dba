import type { Place } from '../model/issue';
import { becauseAnnotation } from '../targets/annotations';
import { fieldsOf, textOf } from '../validation/json-value';
import type { LintContext } from './context';

/** Access with a last day: an intent of an app, or a policy whose annotations name one. */
export interface TimeBox {
  /** As a message calls it. */
  readonly what: string;
  /** As `2026-12-31`. */
  readonly until: string;
  readonly place: Place;
}

/** For policies that were written by hand. */
export const untilAnnotation = 'tierwall.dev/until';

/** Of an app the intents; of manifests what policies are annotated with, as tierwall writes it among the reasons or in an annotation of its own. */
export function timeBoxes({ app, objects }: LintContext): TimeBox[] {
  if (app) {
    return app.intents.flatMap(({ path, at, until }) =>
      until === undefined ? [] : [{ what: `access of \`${path}\``, until, place: { construct: path, ...at } }],
    );
  }
  return objects.flatMap(({ kind, namespace, name, object, place }) => {
    if (kind !== 'NetworkPolicy') return [];
    const annotations = fieldsOf(fieldsOf(object['metadata'])['annotations']);
    const own = /^\s*(\d{4}-\d\d-\d\d)\s*$/.exec(textOf(annotations[untilAnnotation]))?.[1];
    const reasons = textOf(annotations[becauseAnnotation]).matchAll(/\buntil (\d{4}-\d\d-\d\d)\b/g);
    const days = [
      ...(own ? [[untilAnnotation, own] as const] : []),
      ...[...reasons].map(([, day]) => [becauseAnnotation, day!] as const),
    ];
    return days.map(([key, until]) => ({
      what: `access of policy \`${namespace}/${name}\``,
      until,
      place: place.at(`metadata.annotations["${key}"]`),
    }));
  });
}
