import type { Finding, RelatedPlace } from '../model/finding';
import type { Place } from '../model/issue';
import type { Policy, Rule } from '../model/policy';
import type { ReadObject } from '../read/cluster-reading';
import { portItem } from '../read/network-policy';
import { placeOwner } from '../read/place-owner';
import { PortSet } from '../sets/port-set';
import { sourceAnnotation } from '../targets/annotations';
import { fieldsOf, textOf } from '../validation/json-value';
import { causingIntents, type RulePart } from './causing-intents';
import type { LintInput } from './context';
import type { RuleFinding } from './run';
import { writtenPolicy } from './written-policy';

/** Further lines that declare the same are shown up to here; the others are counted. */
const mostOthers = 10;

const ruleField = /spec\.(ingress|egress)\[(\d+)\](?:\.(?:from|to)\[(\d+)\]|\.ports\[(\d+)\])?/;

/**
 * Finds the lines of an app that declared what findings are about: the intents that are the cause of an entry of a rule, or of the rule, where
 * there are any, else the construct that the policy is written for.
 */
export class DeclaredPlaces {
  private readonly policies: ReadonlyMap<unknown, Policy>;
  private readonly objects: ReadonlyMap<unknown, ReadObject>;

  constructor(private readonly input: LintInput) {
    const { cluster, objects } = input;
    this.policies = new Map(cluster.policies.map((policy) => [placeOwner(policy.place), policy]));
    this.objects = new Map(objects.map((object) => [placeOwner(object.place), object]));
  }

  /** The finding with the place of its declaration, where there is one that can be found, and with what is to be done there. */
  declare({ hintInCode, declaredBy, ...given }: RuleFinding): Finding {
    const { places, by } = this.placesOf(given.place, declaredBy);
    const finding = hintInCode !== undefined && by === 'code' ? { ...given, hint: hintInCode } : given;
    const [first, ...others] = places;
    if (!first) return finding;
    const related = others.slice(0, mostOthers).map((place): RelatedPlace => ({ text: 'declared here too', place }));
    const rest = others.length - related.length;
    if (rest > 0) related.push({ text: `and in ${rest} more places`, place: {} });
    return { ...finding, declared: first, related: [...finding.related, ...related] };
  }

  /** What is written for no intent, as the rules of a raw policy, is declared word by word, so that it is told as in YAML. */
  private placesOf(
    place: Place,
    declaredBy: RuleFinding['declaredBy'],
  ): { readonly places: readonly Place[]; readonly by: 'code' | 'yaml' } {
    const { app } = this.input;
    const owner = placeOwner(place);
    if (!app || owner === undefined) return { places: [], by: place.construct === undefined ? 'yaml' : 'code' };
    const path = this.sourceOf(owner);
    const owning = path === undefined ? [] : [{ construct: path, ...app.lineOf(path) }];
    const [, direction, index, peer, port] = ruleField.exec(place.field ?? '') ?? [];
    const rule = this.policies
      .get(owner)
      ?.rules.find((candidate) => candidate.direction === direction && candidate.index === Number(index));
    if (rule) {
      const intents = causingIntents(app.intentsOf(rule), { ...this.partOf(rule, owner, peer, port), service: path });
      if (intents.length > 0) {
        const lines = intents.map(({ path: own, at }) => ({ construct: own, ...at }));
        return { places: declaredBy === 'service' ? owning : lines, by: 'code' };
      }
    }
    const by = rule || (path ?? place.construct) === undefined ? 'yaml' : 'code';
    return { places: owning, by };
  }

  private sourceOf(owner: unknown): string | undefined {
    const annotations = fieldsOf(fieldsOf(this.objects.get(owner)?.object['metadata'])['annotations']);
    return textOf(annotations[sourceAnnotation]) || undefined;
  }

  /** @param peer position of an entry of `from` or `to` @param port of one of `ports` */
  private partOf(
    rule: Rule,
    owner: unknown,
    peer: string | undefined,
    port: string | undefined,
  ): Omit<RulePart, 'service'> {
    const { direction, policy, index, peers, ports } = rule;
    const written = writtenPolicy(policy, this.objects.get(owner)?.object).rules.find(
      (own) => own.direction === direction && own.index === index,
    );
    const own = peer === undefined ? undefined : peers[Number(peer)];
    const entry = port === undefined ? undefined : written?.ports?.[Number(port)];
    return { direction, peers: own ? [own] : peers, ports: entry ? PortSet.of([portItem(entry)]) : ports };
  }
}
