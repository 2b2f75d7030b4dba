import type { Finding } from '../model/finding';
import type { Place } from '../model/issue';
import { readSuppression, type Suppression } from '../model/suppression';
import { ignoreWord } from '../read/ignore-comments';
import { placeOwner } from '../read/place-owner';
import { fieldsOf, textOf } from '../validation/json-value';
import type { LintInput } from './context';

/** The annotation by which an object accepts findings about itself: one in a line, written as in a comment. */
export const ignoreAnnotation = 'tierwall.dev/ignore';

/** Its author will take it for that one. */
const nearAnnotation = /^tierwall[^/]*\/(?:ig|ingo|suppress|disable|skip|allow|accept)/i;

/** A suppression, and the findings that it is about, if they are of its rules. */
export interface ScopedSuppression extends Suppression {
  covers(finding: Finding): boolean;
}

/** Every suppression that is written beside what is linted. */
export function suppressionsIn(inputs: readonly LintInput[]): ScopedSuppression[] {
  return [
    ...inputs.flatMap(commentsIn),
    ...inputs.flatMap(annotationsIn),
    // Every cluster of an app hands over those of the whole app.
    ...(inputs[0] ? constructsIn(inputs[0]) : []),
  ];
}

function commentsIn({ comments }: LintInput): ScopedSuppression[] {
  return comments.map(({ file, line, word, text, covers: { first, last } }) => ({
    ...readSuppression(text, 'comment', { file, line }),
    ...misspelled(word, ignoreWord),
    covers: ({ place }) => place.file === file && (place.line ?? 0) >= first && (place.line ?? 0) <= last,
  }));
}

function annotationsIn({ objects }: LintInput): ScopedSuppression[] {
  return objects.flatMap(({ object, place }) => {
    const annotations = Object.entries(fieldsOf(fieldsOf(object['metadata'])['annotations']));
    const meant = annotations.filter(([key]) => key === ignoreAnnotation || nearAnnotation.test(key));
    const own = meant.length === 0 ? undefined : placeOwner(place);
    return meant.flatMap(([key, value]) =>
      textOf(value)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => ({
          ...readSuppression(line, 'annotation', place.at(`metadata.annotations[${key}]`)),
          ...misspelled(key, ignoreAnnotation),
          covers: (finding: Finding) => own !== undefined && placeOwner(finding.place) === own,
        })),
    );
  });
}

/** What is wrong with one that is not called as it has to be. */
function misspelled(given: string, word: string): { readonly problem?: string } {
  return given === word ? {} : { problem: `\`${given}\` is to be written \`${word}\`` };
}

/** One on a construct is about that construct and all below it. */
function constructsIn({ app }: LintInput): ScopedSuppression[] {
  return (app?.suppressions ?? []).map((suppression) => ({
    ...suppression,
    covers: ({ place, declared }) => [place, declared].some((at) => at && isWithin(at, suppression.place)),
  }));
}

function isWithin({ construct }: Place, scope: Place): boolean {
  if (construct === undefined || scope.construct === undefined) return false;
  return scope.construct === '' || construct === scope.construct || construct.startsWith(`${scope.construct}/`);
}
