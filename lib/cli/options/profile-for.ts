import { readSettings } from '../../config/read-settings';
import type { TierwallConfig } from '../../config/tierwall-config';
import type { CniProfile } from '../../model/cni-profile';
import { defaultProfile, profileOf } from '../../model/cni-profiles';

/** As given, else as set in the project of `cwd`. @throws InputError for settings that are mistakes */
export async function profileFor(cwd: string, flag: string | undefined): Promise<CniProfile> {
  return profileIn(flag === undefined ? (await readSettings(cwd)).config : {}, flag);
}

/** The same, of settings that have been read. */
export function profileIn({ cni }: TierwallConfig, flag: string | undefined): CniProfile {
  const id = flag ?? cni;
  return (id === undefined ? undefined : profileOf(id)) ?? defaultProfile;
}
