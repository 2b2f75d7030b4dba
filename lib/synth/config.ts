import { relative, resolve, sep } from 'node:path';
import { readSettings, type Settings } from '../config/read-settings';
import { settingPlace } from '../config/setting-place';
import { InputError, type Issue } from '../model/issue';

/** What `tierwall synth` needs to know: from the command line, else from the project's settings. */
export interface SynthConfig {
  /** The command that runs the app, as cdk8s-cli runs it. */
  readonly app: string;
  /** Absolute path of the folder for the output. */
  readonly out: string;
  /** What the app is called there, where others write too. */
  readonly name: string | undefined;
  /** Absolute path of the app's own folder. */
  readonly folder: string;
}

/** Of the policies, where the project says nothing. */
export const defaultOut = 'policies';

export interface SynthFlags {
  readonly app?: string;
  readonly out?: string;
}

/**
 * The app and its output folder: as given, else as set, `app` of cdk8s.yaml last.
 * @default out is `policies`
 * @param instead what may be given in place of an app, for the message where there is none
 * @throws InputError with every problem
 */
export async function readConfig(cwd: string, flags: SynthFlags, instead = ''): Promise<SynthConfig> {
  return configOf(await readSettings(cwd), cwd, flags, instead);
}

/** The same, of settings that have been read. @throws InputError with every problem */
export function configOf(
  { config, cdk8sApp, file, prefix, source }: Settings,
  cwd: string,
  flags: SynthFlags,
  instead = '',
): SynthConfig {
  const issues: Issue[] = [];
  const report = (place: Issue['place'], message: string, hint: string) =>
    issues.push({ code: 'bad-config', message, place, hint });
  const app: unknown = flags.app ?? config.app ?? cdk8sApp;
  const out = flags.out ?? config.out ?? defaultOut;
  if (typeof app !== 'string' || app.trim() === '') {
    const hint = (where: string) => `write \`app: npx tsx main.ts\` into ${where}, or give \`--app\`${instead}`;
    if (source === 'given') report({ file, field: 'app' }, '`app` is missing', hint('it'));
    else report({}, `there is no app in \`${cwd}\``, `${hint(file)}; \`tierwall init\` makes a whole project`);
  }
  if (out.trim() === '') {
    // In the settings it is refused where they are read.
    report({}, '`--out` is empty', 'name a folder, as `--out policies`, or leave it out');
  } else if (containsProject(cwd, resolve(cwd, out))) {
    const message = `\`${out}\` is the project itself or a folder around it`;
    const place = flags.out === undefined ? settingPlace(cwd, file, `${prefix}out`) : {};
    report(place, message, 'give a folder of its own, as `policies`');
  }
  if (issues.length > 0) throw new InputError(issues);
  return { app: app as string, out: resolve(cwd, out), name: config.name, folder: resolve(cwd) };
}

/** The output folder as the user names it, from the project's folder. */
export function outputFolder(cwd: string, out: string): string {
  return relative(cwd, out).split(sep).join('/');
}

function containsProject(cwd: string, out: string): boolean {
  const path = relative(out, cwd);
  return path === '' || !path.startsWith('..');
}
