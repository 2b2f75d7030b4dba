import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { ownPackage } from '../../init/own-package';
import type { Pipeline } from '../../init/project';
import { initToText } from '../../render/init-result';
import { type Io, paintFor } from '../io';
import { outputOption } from '../options/output';
import { reportFailure } from '../report-failure';

interface Flags {
  readonly ci: Pipeline | 'both' | 'none';
  readonly output: 'txt' | 'json';
}

const help = `
Writes an example app with two environments and a test, cdk8s.yaml, a pipeline that runs \`tierwall check\`, and a hook for git. Beside an
app that has a cdk8s.yaml or main.ts, the example goes into a folder \`network\`, and its settings into tierwall.config.ts.
No file that exists is changed.

Examples:
  $ tierwall init                       in this folder
  $ tierwall init shop --ci gitlab      in a new folder, for GitLab

Exit codes: 0 done, also where all files existed, 2 bad usage, 3 our own failure.
`;

export function initCommand(io: Io, exit: (code: number) => void): Command {
  return new Command('init')
    .description(
      'make a project: an app to start from, a test, a pipeline and a hook; never changes a file that exists',
    )
    .argument('[folder]', 'where (default: this folder)', '.')
    .addOption(
      new Option('--ci <service>', 'whose pipelines').choices(['github', 'gitlab', 'both', 'none']).default('both'),
    )
    .addOption(outputOption(['txt', 'json']))
    .addHelpText('after', help)
    .action(async (folder: string, { ci, output }: Flags) => {
      try {
        const { init } = await import('../../init/init.js');
        const { pipelines } = await import('../../init/project.js');
        const wanted = pipelines.filter((pipeline) => ci === 'both' || ci === pipeline);
        const target = resolve(io.cwd, folder);
        const { ranges, checkout } = ownRanges(target);
        const result = init(target, ranges, wanted, { cwd: io.cwd, checkout });
        const json = () => `${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`;
        io.stdout.write(output === 'json' ? json() : initToText(result, paintFor(io.stdout, io.env)));
        exit(0);
      } catch (error) {
        exit(reportFailure(io, error, output, ''));
      }
    });
}

/** The packages that tierwall is tested with, and itself. @param folder of the package.json that asks for them */
function ownRanges(folder: string) {
  const root = join(__dirname, '..', '..', '..');
  const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  const { range, checkout } = ownPackage(root, version, folder);
  return { ranges: { ...devDependencies, tierwall: range }, checkout };
}
