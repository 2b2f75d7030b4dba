import { readSettings } from '../../config/read-settings';
import type { CniProfile } from '../../model/cni-profile';
import { defaultProfile, profileOf } from '../../model/cni-profiles';

/** As given, else as set in the project of `cwd`. @throws InputError for settings that are mistakes */
export async function profileFor(cwd: string, flag: string | undefined): Promise<CniProfile> {
  const id = flag ?? (await readSettings(cwd)).config.cni;
  return (id === undefined ? undefined : profileOf(id)) ?? defaultProfile;
}
