import type { CniFacts, CniProfile } from '../../lib/model/cni-profile';
import { defaultProfile, profileOf } from '../../lib/model/cni-profiles';

/** What the API's documentation says, with some of the answers that it leaves open. */
export function profileWith(answers: Partial<Record<keyof CniFacts, 'yes' | 'no' | 'unknown'>>): CniProfile {
  const facts = Object.fromEntries(Object.entries(answers).map(([fact, value]) => [fact, { value }]));
  const id = Object.entries(answers).join(' ');
  return { id, name: id, facts: { ...defaultProfile.facts, ...facts } };
}

/** A profile by its id, or by answers as in `ipBlockMatchesPods=yes ipBlockMatchesNodes=no`; empty: the default. */
export function profileNamed(text: string): CniProfile {
  if (text === '') return defaultProfile;
  if (!text.includes('=')) {
    const profile = profileOf(text);
    if (!profile) throw new Error(`there is no profile ${text}`);
    return profile;
  }
  const answers = text.split(' ').map((answer) => answer.split('=') as [keyof CniFacts, 'yes' | 'no' | 'unknown']);
  for (const [fact] of answers) if (!(fact in defaultProfile.facts)) throw new Error(`there is no fact ${fact}`);
  return profileWith(Object.fromEntries(answers));
}
