import { Option } from 'commander';
import { readSettings } from '../../config/read-settings';
import type { CniProfile } from '../../model/cni-profile';
import { cniProfiles, defaultProfile, profileOf } from '../../model/cni-profiles';

/** `--cni PROFILE`: which plugin decides what the API leaves open. */
export function cniOption(): Option {
  const ids = cniProfiles.map(({ id }) => id);
  const text = `the network plugin, which decides what the API leaves open (default: \`cni\` in the settings, else ${defaultProfile.id})`;
  return new Option('--cni <profile>', text).choices(ids);
}

/** As given, else as set in the project of `cwd`. @throws InputError for settings that are mistakes */
export async function profileFor(cwd: string, flag: string | undefined): Promise<CniProfile> {
  const id = flag ?? (await readSettings(cwd)).config.cni;
  return (id === undefined ? undefined : profileOf(id)) ?? defaultProfile;
}
