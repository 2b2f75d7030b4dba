import { describe, expect, test } from 'vitest';
import { lintSettings } from '../../lib/config/lint-settings';
import { configOptions } from '../../lib/config/tierwall-config';
import { readOptions } from '../../lib/constructs/options';
import { defaultProfile } from '../../lib/model/cni-profiles';

const settingsOf = (lint: object) => lintSettings({ config: { lint } }, defaultProfile, '2026-06-01');
const problemsOf = (lint: unknown) =>
  readOptions({ lint: lint as object }, configOptions, 'tierwall.').problems.map(({ message, hint }) => [
    message,
    hint,
  ]);

describe('the settings of lint', () => {
  test('give rules a severity, and measures other bounds', () => {
    const settings = settingsOf({
      rules: { 'no-any-address': 'error', 'no-long-policy': 'off' },
      widestCidr: { ipv4: 16 },
      labels: { name: 'app' },
    });
    expect(settings.severities).toEqual({ 'no-any-address': 'error', 'no-long-policy': 'off' });
    expect(settings.bounds).toMatchObject({ widestCidr: { ipv4: 16, ipv6: 32 }, mostEntries: 60 });
    expect(settings.scheme.keys.name).toBe('app');
  });

  test('are mistakes where they do not exist or cannot be so', () => {
    expect(
      problemsOf({
        rulez: {},
        rules: { 'no-any-address': 'fatal' },
        mostEntries: 0,
        podRanges: ['10.0.0.0'],
        labels: { nam: 'app' },
        widestCidr: { ipv4: 33 },
      }),
    ).toEqual([
      ['`tierwall.lint.rulez` is no option of lint', 'did you mean `tierwall.lint.rules`?'],
      [expect.stringContaining('`tierwall.lint.rules.no-any-address` is `fatal`'), expect.any(String)],
      ['`tierwall.lint.mostEntries` is `0`', 'give a whole number from 1 to 100000'],
      ['`tierwall.lint.podRanges[0]` is `10.0.0.0`, which is no CIDR', 'write it as `10.0.0.0/8`'],
      ['`tierwall.lint.labels.nam` is no option of LabelScheme', 'did you mean `tierwall.lint.labels.name`?'],
      ['`tierwall.lint.widestCidr.ipv4` is `33`', 'give a whole number from 0 to 32'],
    ]);
  });

  test('take `off` as YAML 1.1 reads it', () =>
    expect(settingsOf({ rules: { 'no-any-address': false } }).severities).toEqual({ 'no-any-address': 'off' }));
});
