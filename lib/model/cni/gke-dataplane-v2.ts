import type { CniProfile } from '../cni-profile';
import { cilium } from './cilium';
import { depends } from './fact';

const builtOnCilium = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';

const ownSetting = depends(
  builtOnCilium,
  'It is implemented with Cilium; which version and settings it uses is not said.',
);

/** Cilium's facts, except those that hang on a setting or a version of Cilium. */
export const gkeDataplaneV2: CniProfile = {
  id: 'gke-dataplane-v2',
  name: 'GKE Dataplane V2',
  facts: {
    ...cilium.facts,
    ipBlockMatchesNodes: ownSetting,
    allowsOwnNode: ownSetting,
    enforcesEndPort: ownSetting,
    enforcesSctp: ownSetting,
    enforcesNamedPorts: ownSetting,
  },
};
