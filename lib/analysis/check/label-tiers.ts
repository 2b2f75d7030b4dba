import type { Issue } from '../../model/issue';
import type { Program, ServiceModel, TierModel } from '../../model/program';
import { problem } from './problem';

/** A tier that is selected by its label has only members that carry it, as far as their pods are known. */
export function checkLabelTiers(program: Program): Issue[] {
  return program.services.flatMap((service) => {
    const { tier, known } = service;
    if (!known || tier?.selection !== 'label' || known.labels[keyOf(tier)] === tier.name) return [];
    const message = `${known.description} does not carry ${labelOf(tier)}, by which tier \`${tier.path}\` is selected`;
    return [problem('label-missing', service, message, "add the label to its pods, or leave `selection: 'label'` out")];
  });
}

/** Tiers selected by their label, with the members of which it is not known whether their pods carry it. */
export function uncertainLabelTiers(
  program: Program,
): { readonly tier: TierModel; readonly members: ServiceModel[] }[] {
  return program.tiers.flatMap((tier) => {
    if (tier.selection !== 'label') return [];
    const carries = ({ pods }: ServiceModel) => pods.valuesOf(keyOf(tier))?.every((value) => value === tier.name);
    const members = tier.services.filter((service) => !service.known && !carries(service));
    return members.length > 0 ? [{ tier, members }] : [];
  });
}

/** As in `tierwall.dev/tier: web`, in backticks. */
export function labelOf(tier: TierModel): string {
  return `\`${keyOf(tier)}: ${tier.name}\``;
}

function keyOf(tier: TierModel): string {
  return tier.namespace.environment.scheme.keys.tier;
}
