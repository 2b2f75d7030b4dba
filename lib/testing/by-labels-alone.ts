import type { Cluster } from '../model/cluster';
import type { CniProfile } from '../model/cni-profile';

/** The profile where rules by addresses are not about pods; the same where addresses of pods are known, or where they are not anyway. */
export function byLabelsAlone(profile: CniProfile, { workloads }: Cluster): CniProfile {
  const { facts } = profile;
  const isSo = facts.ipBlockMatchesPods.value === 'no' && facts.ipBlockMatchesNodes.value === 'no';
  if (isSo || workloads.some(({ addresses }) => addresses.length > 0)) return profile;
  const no = { value: 'no' } as const;
  return { ...profile, facts: { ...facts, ipBlockMatchesPods: no, ipBlockMatchesNodes: no } };
}
