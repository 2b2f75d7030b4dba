import type { Finding, RelatedPlace } from '../model/finding';
import type { Place } from '../model/issue';
import type { Policy } from '../model/policy';
import { placeOwner } from '../read/place-owner';
import { sourceAnnotation } from '../targets/annotations';
import { fieldsOf, textOf } from '../validation/json-value';
import type { LintInput } from './context';

/** Further lines that declare the same rule are shown up to here. */
const mostOthers = 3;

const ruleField = /spec\.(ingress|egress)\[(\d+)\]/;

/**
 * Finds the lines of an app that declared what findings are about: the intent that a rule opens for, where one does, else the construct
 * that the policy is written for.
 */
export class DeclaredPlaces {
  private readonly policies: ReadonlyMap<unknown, Policy>;
  private readonly constructs: ReadonlyMap<unknown, string>;

  constructor(private readonly input: LintInput) {
    const { cluster, objects } = input;
    this.policies = new Map(cluster.policies.map((policy) => [placeOwner(policy.place), policy]));
    this.constructs = new Map(
      objects.map(({ object, place }) => {
        const annotations = fieldsOf(fieldsOf(object['metadata'])['annotations']);
        return [placeOwner(place), textOf(annotations[sourceAnnotation])];
      }),
    );
  }

  /** The finding with the place of its declaration, where there is one that can be found. */
  declare(finding: Finding): Finding {
    const [first, ...others] = this.placesOf(finding.place);
    if (!first) return finding;
    const related = others.slice(0, mostOthers).map((place): RelatedPlace => ({ text: 'declared here too', place }));
    return { ...finding, declared: first, related: [...finding.related, ...related] };
  }

  private placesOf(place: Place): Place[] {
    const { app } = this.input;
    const owner = placeOwner(place);
    if (!app || owner === undefined) return [];
    const [, direction, index] = ruleField.exec(place.field ?? '') ?? [];
    const rule = this.policies
      .get(owner)
      ?.rules.find((candidate) => candidate.direction === direction && candidate.index === Number(index));
    const intents = rule ? app.intentsOf(rule) : [];
    if (intents.length > 0) return intents.map(({ path, at }) => ({ construct: path, ...at }));
    const path = this.constructs.get(owner);
    return path ? [{ construct: path, ...app.lineOf(path) }] : [];
  }
}
