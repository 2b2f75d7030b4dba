import { defaultBounds, defaultSettings, type LintSettings } from '../lint/settings';
import type { CniProfile } from '../model/cni-profile';
import type { Severity } from '../model/finding';
import { LabelScheme } from '../model/label-scheme';
import type { LintConfig } from './lint-config';
import type { Settings } from './read-settings';

/** How policies are linted, as a project sets it. */
export function lintSettings({ config }: Pick<Settings, 'config'>, profile: CniProfile, today: string): LintSettings {
  const given: LintConfig = config.lint ?? {};
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
