import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { InputError, type Issue } from '../model/issue';

/** What `tierwall synth` needs to know: from the command line, else from cdk8s.yaml. */
export interface SynthConfig {
  /** The command that runs the app, as cdk8s-cli runs it. */
  readonly app: string;
  /** Absolute path of the folder for the output. */
  readonly out: string;
}

export interface SynthFlags {
  readonly app?: string;
  readonly out?: string;
}

const fileName = 'cdk8s.yaml';

/**
 * Reads `app` and `tierwall.out` from cdk8s.yaml in `cwd`.
 * @default out is `policies`
 * @throws InputError with every problem
 */
export function readConfig(cwd: string, flags: SynthFlags): SynthConfig {
  const file = join(cwd, fileName);
  const issues: Issue[] = [];
  const report = (field: string, message: string, hint: string) =>
    issues.push({ code: 'bad-config', message, place: { file: fileName, field }, hint });
  const config = existsSync(file) ? parse(file) : {};
  const section = config['tierwall'] ?? {};
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    report('tierwall', '`tierwall` is not a mapping', 'write `tierwall: { out: policies }`');
  }
  const settings = section as Record<string, unknown>;
  for (const key of Object.keys(settings)) {
    if (key !== 'out')
      report(`tierwall.${key}`, `\`${key}\` is not a setting of tierwall`, 'remove it; the setting is `out`');
  }
  const app = flags.app ?? config['app'];
  const out = flags.out ?? settings['out'] ?? 'policies';
  if (typeof app !== 'string' || app.trim() === '') {
    const message = existsSync(file) ? '`app` is missing' : `no ${fileName} in \`${cwd}\``;
    report('app', message, 'write `app: npx tsx main.ts` into it, or give `--app`');
  }
  if (typeof out !== 'string' || out.trim() === '') {
    report('tierwall.out', '`out` is not the path of a folder', 'write `out: policies`');
  } else if (containsProject(cwd, resolve(cwd, out))) {
    report(
      'tierwall.out',
      `\`${out}\` is the project itself or a folder around it`,
      'give a folder of its own, as `policies`',
    );
  }
  if (issues.length > 0) throw new InputError(issues);
  return { app: app as string, out: resolve(cwd, out as string) };
}

function containsProject(cwd: string, out: string): boolean {
  const path = relative(out, cwd);
  return path === '' || !path.startsWith('..');
}

function parse(file: string): Record<string, unknown> {
  try {
    const config = load(readFileSync(file, 'utf8'));
    if (typeof config === 'object' && config !== null && !Array.isArray(config))
      return config as Record<string, unknown>;
    throw new InputError([
      {
        code: 'bad-config',
        message: `${fileName} is not a mapping`,
        place: { file: fileName },
        hint: 'write `app: …` into it',
      },
    ]);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = { file: fileName, ...(error.mark ? { line: error.mark.line + 1 } : {}) };
    throw new InputError([{ code: 'bad-yaml', message: error.reason, place, hint: 'correct the YAML' }]);
  }
}
