import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { importCluster } from '../../import/import';
import { projectFiles } from '../../import/project-files';
import { readForImport } from '../../import/reading';
import { shownImport } from '../../import/shown';
import { writeApp } from '../../import/write-app';
import { InputError } from '../../model/issue';
import { importToJson } from '../../render/import/json';
import { importToText } from '../../render/import/txt';
import { dnsLabel } from '../../validation/text-format';
import { type Io, isWatched, paintFor } from '../io';
import { standardInput } from '../options/sources';
import { reportFailure } from '../report-failure';
import type { ImportFlags } from './import';

export async function runImport(io: Io, sources: readonly string[], flags: ImportFlags): Promise<number> {
  try {
    const { environment, out, output } = flags;
    if (environment !== undefined && dnsLabel(environment).length > 0) throw badName(environment);
    const input = await readForImport(sources, { cwd: io.cwd, stdin: () => standardInput(io) });
    const { policies, workloads } = input.cluster;
    if (isWatched(io)) io.stderr.write(`importing ${policies.length} policies and ${workloads.length} workloads\n`);
    const result = importCluster(input, environment === undefined ? {} : { environment });
    const folder = resolve(io.cwd, out);
    const written =
      result.proof.verdict === 'equal'
        ? writeApp(folder, new Map([...result.files, ...projectFiles(folder, ownVersion())]), out)
        : undefined;
    const shown = shownImport(result, out, written);
    io.stdout.write(output === 'json' ? importToJson(shown) : importToText(shown, paintFor(io.stdout, io.env)));
    return written ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output);
  }
}

function ownVersion(): string {
  const file = join(__dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function badName(name: string): InputError {
  const message = `\`--environment\` is \`${name}\`, which is no DNS label`;
  return new InputError([{ code: 'bad-usage', message, place: {}, hint: 'give a name such as `production`' }]);
}
