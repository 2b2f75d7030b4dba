import { didYouMean } from '../constructs/did-you-mean';
import { lintDescriptors } from '../lint/registry';
import { defaultBounds, defaultSettings, type LintSettings } from '../lint/settings';
import type { CniProfile } from '../model/cni-profile';
import type { Severity } from '../model/finding';
import { InputError } from '../model/issue';
import { LabelScheme } from '../model/label-scheme';
import type { LintConfig } from './lint-config';
import type { Settings } from './read-settings';

/**
 * How policies are linted, as a project sets it.
 * @throws InputError for rules that do not exist
 */
export function lintSettings(
  { config, file, prefix }: Pick<Settings, 'config' | 'file' | 'prefix'>,
  profile: CniProfile,
  today: string,
): LintSettings {
  const given: LintConfig = config.lint ?? {};
  const ids = lintDescriptors.map(({ id }) => id);
  const issues = Object.keys(given.rules ?? {}).flatMap((id) => {
    if (ids.includes(id)) return [];
    const field = `${prefix}lint.rules.${id}`;
    const hint = didYouMean(id, ids) ?? '`tierwall rules` lists them';
    return [{ code: 'bad-config', message: `\`${field}\`: there is no rule \`${id}\``, place: { file, field }, hint }];
  });
  if (issues.length > 0) throw new InputError(issues);
  const { widestCidr, mostEntries, expirySoon, podRanges, serviceRanges, labels, rules } = given;
  const severities = Object.entries(rules ?? {}).map(([id, severity]) => [id, severity || 'off'] as const);
  return {
    ...defaultSettings(today),
    profile,
    severities: Object.fromEntries(severities) as Record<string, Severity | 'off'>,
    scheme: new LabelScheme(labels),
    bounds: {
      widestCidr: { ...defaultBounds.widestCidr, ...widestCidr },
      mostEntries: mostEntries ?? defaultBounds.mostEntries,
      expirySoon: expirySoon ?? defaultBounds.expirySoon,
      podRanges: podRanges ?? [],
      serviceRanges: serviceRanges ?? [],
    },
  };
}
