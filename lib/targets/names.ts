import { type Isolation, isolatesIn, type RawPolicyModel, type ServiceModel } from '../model/program';

/** One prefix for every object, so that a name collides with nobody's. */
export const prefix = 'tierwall-';

export const defaultDenyName = `${prefix}default-deny`;

export function policyName(service: ServiceModel): string {
  return prefix + service.name;
}

export function rawPolicyName(raw: RawPolicyModel): string {
  return prefix + raw.name;
}

export function policyTypesOf(isolation: Isolation): ('Ingress' | 'Egress')[] {
  return [
    ...(isolatesIn(isolation, 'ingress') ? (['Ingress'] as const) : []),
    ...(isolatesIn(isolation, 'egress') ? (['Egress'] as const) : []),
  ];
}
