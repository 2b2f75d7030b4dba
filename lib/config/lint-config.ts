import { bad, type Check, list, nested, oneOf, options, show, text } from '../constructs/options';
import { type Severity, severities } from '../model/finding';
import type { LabelSchemeProps } from '../model/label-scheme';
import { parseCidr } from '../sets/cidr';

/** How `tierwall lint` judges this project. */
export interface LintConfig {
  /** By rule id. @default the rule's own severity */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
  /** The least severity that makes the exit code 1. @default warning */
  readonly failOn?: Severity;
  /** Prefix lengths: shorter ones are too wide. @default 8 and 32 */
  readonly widestCidr?: { readonly ipv4?: number; readonly ipv6?: number };
  /** Peers and ports that a policy may have and still be read. @default 60 */
  readonly mostEntries?: number;
  /** Days before its end in which access counts as about to expire. @default 30 */
  readonly expirySoon?: number;
  /** Addresses of the cluster's pods. @default none known */
  readonly podRanges?: readonly string[];
  /** Addresses of the cluster's Services. @default none known */
  readonly serviceRanges?: readonly string[];
  /** Which labels carry name, tier, team and environment, for manifests. @default as in an app */
  readonly labels?: LabelSchemeProps;
  /** Findings that were there before, written by `--init-baseline`. @default tierwall-baseline.json */
  readonly baseline?: string;
}

const number =
  (least: number, most: number): Check =>
  (value, name) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? []
      : [bad(`\`${name}\` is \`${show(value)}\``, `give a whole number from ${least} to ${most}`)];

const ranges = list((value, name) =>
  typeof value === 'string' && parseCidr(value)
    ? []
    : [bad(`\`${name}\` is \`${show(value)}\`, which is no CIDR`, 'write it as `10.0.0.0/8`')],
);

/** Which ids there are is asked in `unknown-rules.ts`. */
const severitiesByRule: Check = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [
      bad(`\`${name}\` is \`${show(value)}\`, which is no object`, `write \`${name}: { 'no-any-address': 'off' }\``),
    ];
  }
  // YAML reads the word as a truth.
  const given = (severity: unknown) => (severity === false ? 'off' : severity);
  return Object.entries(value).flatMap(([id, severity]) =>
    oneOf(...severities, 'off')(given(severity), `${name}.${id}`),
  );
};

const roles = { name: text(), tier: text(), team: text(), environment: text() };
const schemeOptions = options<LabelSchemeProps>('LabelScheme', {
  ...roles,
  allowed: nested(
    options('allowed', { name: list(text()), tier: list(text()), team: list(text()), environment: list(text()) }),
  ),
  required: list(oneOf(...Object.keys(roles))),
});

export const lintOptions = options<LintConfig>('lint', {
  rules: severitiesByRule,
  failOn: oneOf(...severities),
  widestCidr: nested(options('widestCidr', { ipv4: number(0, 32), ipv6: number(0, 128) })),
  mostEntries: number(1, 100_000),
  expirySoon: number(0, 3650),
  podRanges: ranges,
  serviceRanges: ranges,
  labels: nested(schemeOptions),
  baseline: text('write the path of a file'),
});
