import type { Finding } from '../model/finding';
import { placeOwner } from '../read/place-owner';
import { accept } from './accept';
import type { LintInput } from './context';
import { DeclaredPlaces } from './declared-places';
import { lintDescriptors, lintRules } from './registry';
import { runRules } from './run';
import type { LintSettings } from './settings';
import { suppressionsIn } from './suppressions';

/**
 * Everything that the rules find, in no particular order; what somebody accepted is told so.
 * @param inputs each a cluster of its own; the suppressions of an app may be about any of them
 */
export function lint(inputs: readonly LintInput[], settings: LintSettings): Finding[] {
  const findings = inputs.flatMap((input) => {
    const found = runRules(lintRules, input, settings);
    const declared = input.app ? new DeclaredPlaces(input) : undefined;
    return declared ? found.map((finding) => declared.declare(finding)) : found;
  });
  const accepted = accept(findings, suppressionsIn(inputs), lintDescriptors, settings);
  const objects = objectNames(inputs);
  return accepted.map((finding) => {
    const object = objects.get(placeOwner(finding.place));
    return object === undefined ? finding : { object, ...finding };
  });
}

/** By what the places of an object have in common. */
function objectNames(inputs: readonly LintInput[]): ReadonlyMap<unknown, string> {
  return new Map(
    inputs.flatMap(({ objects }) =>
      objects.map(({ kind, namespace, name, place }) => [
        placeOwner(place),
        `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
      ]),
    ),
  );
}
