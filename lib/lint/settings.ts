import type { CniProfile } from '../model/cni-profile';
import { defaultProfile } from '../model/cni-profiles';
import type { Severity } from '../model/finding';
import { LabelScheme } from '../model/label-scheme';

/** What rules measure against. */
export interface LintBounds {
  /** Prefix lengths: a shorter one is too wide. */
  readonly widestCidr: { readonly ipv4: number; readonly ipv6: number };
  /** Entries of `from`, `to` and `ports` that a policy may have and still be read. */
  readonly mostEntries: number;
  /** Days before its end in which access counts as about to expire. */
  readonly expirySoon: number;
  /** Where pods and Services of the cluster have their addresses. */
  readonly podRanges: readonly string[];
  readonly serviceRanges: readonly string[];
}

/** How policies are linted: from the configuration, else the defaults. */
export interface LintSettings {
  /** By rule id. @default of each rule */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly bounds: LintBounds;
  readonly profile: CniProfile;
  readonly scheme: LabelScheme;
  /** The day by which expiry is judged, `2026-12-31`. */
  readonly today: string;
}

export const defaultBounds: LintBounds = {
  widestCidr: { ipv4: 8, ipv6: 32 },
  mostEntries: 60,
  expirySoon: 30,
  podRanges: [],
  serviceRanges: [],
};

export function defaultSettings(today: string): LintSettings {
  return { severities: {}, bounds: defaultBounds, profile: defaultProfile, scheme: new LabelScheme(), today };
}
