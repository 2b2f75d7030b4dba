import type { CniProfile } from '../cni-profile';
import { calico } from './calico';
import { depends } from './fact';

/** Calico's policies over flannel's network. */
export const canal: CniProfile = {
  id: 'canal',
  name: 'Canal (Calico policies, flannel network)',
  facts: {
    ...calico.facts,
    enforcesIpv6: depends(
      'https://github.com/projectcalico/calico/blob/87c15906f20c4ca1fda55af92295e7678b0cc0b2/manifests/canal.yaml',
      'The manifest turns IPv6 support off unless it is changed.',
    ),
  },
};
