import { Option } from 'commander';
import { cniProfiles, defaultProfile } from '../../model/cni-profiles';

/** `--cni PROFILE`: which plugin decides what the API leaves open. */
export function cniOption(): Option {
  const ids = cniProfiles.map(({ id }) => id);
  const text = `the network plugin, which decides what the API leaves open (default: \`cni\` in the settings, else ${defaultProfile.id})`;
  return new Option('--cni <profile>', text).choices(ids);
}
