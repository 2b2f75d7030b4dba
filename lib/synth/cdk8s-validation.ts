import type { Severity } from '../model/finding';
import type { FoundItem } from '../model/finding-report';

/** Of a `validations:` entry in cdk8s.yaml. */
export interface TierwallValidationProps {
  /** The least severity that fails the synthesis. @default `lint.failOn` of the settings, else warning */
  readonly failOn?: Severity;
}

/** What cdk8s-cli hands to a validation plugin, as far as this one asks. */
export interface CdkValidationContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: {
      readonly ruleName: string;
      readonly recommendation: string;
      readonly fix: string;
      readonly violatingResources: readonly {
        readonly resourceName: string;
        readonly locations: readonly string[];
        readonly manifestPath: string;
      }[];
    }): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

/**
 * Lints what plain `cdk8s synth` writes, with the same rules, settings, suppressions and baseline as `tierwall lint`.
 *
 * @example
 * validations:
 *   - package: ./node_modules/tierwall
 *     version: 0.1.0
 *     class: TierwallValidation
 */
export class TierwallValidation {
  constructor(private readonly props: TierwallValidationProps = {}) {}

  async validate({ manifests, report }: CdkValidationContext): Promise<void> {
    // Loaded only now: declaring intents needs none of it.
    const { lintManifests } = await import('./lint-manifests.js');
    const { items, rules, failOn, fails, subject } = await lintManifests(manifests, process.cwd(), this.props.failOn);
    for (const { id, wrong, why, todo } of rules) {
      const own = items.filter(({ rule }) => rule === id);
      if (own.length === 0) continue;
      report.addViolation({
        ruleName: id,
        recommendation: `${wrong}. ${why}`,
        fix: todo,
        violatingResources: own.map(({ resource, ...item }) => ({
          resourceName: resource,
          locations: [locationOf(item)],
          manifestPath: item.written?.file ?? item.place.file ?? manifests[0] ?? '',
        })),
      });
    }
    report.submit(fails ? 'failure' : 'success', { Linted: subject, 'Fails on': failOn });
  }
}

/** As in `main.ts:12 (prod/shop/web): policy … allows …; name the peers`. */
function locationOf({ place, written, severity, message, hint }: FoundItem): string {
  const { file, line, construct } = place;
  const yaml = written ?? place;
  const code = written && file ? `${file}:${line} (${construct}), ` : '';
  return `${code}${yaml.field ?? ''}${yaml.line ? ` in line ${yaml.line}` : ''}: ${severity}: ${message}; ${hint}`;
}
