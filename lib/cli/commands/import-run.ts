import { join, parse, resolve } from 'node:path';
import { type ImportResult, importCluster } from '../../import/import';
import { installCommand, projectFiles } from '../../import/project-files';
import { readForImport } from '../../import/reading';
import { shownImport } from '../../import/shown';
import { type WrittenApp, writeApps } from '../../import/write-app';
import { ownPackage } from '../../init/own-package';
import { badUsage, type InputError } from '../../model/issue';
import { importToJson } from '../../render/import/json';
import { importToText } from '../../render/import/txt';
import { dnsLabel } from '../../validation/text-format';
import { type Io, isWatched, paintFor } from '../io';
import { readLive, sourceWords } from '../options/cluster';
import { standardInput } from '../options/sources';
import { ownVersion } from '../own-version';
import { reportFailure } from '../report-failure';
import type { ImportFlags } from './import';

export async function runImport(io: Io, sources: readonly string[], flags: ImportFlags): Promise<number> {
  try {
    const { environment, out, tighten, output } = flags;
    if (out === undefined) {
      throw badUsage('`--out` is missing', 'name the folder for the app, as `tierwall import deploy/ --out network`');
    }
    if (environment !== undefined && dnsLabel(environment).length > 0) throw badName(environment);
    const input = await readForImport(sourceWords(sources, flags), {
      cwd: io.cwd,
      stdin: () => standardInput(io),
      live: (context) => readLive(io, context, flags, 'settings'),
    });
    const { policies, workloads } = input.cluster;
    if (isWatched(io)) io.stderr.write(`importing ${policies.length} policies and ${workloads.length} workloads\n`);
    const result = importCluster(input, {
      tighten: tighten === undefined ? 'no' : 'yes',
      ...(environment === undefined ? {} : { environment }),
    });
    if (tighten !== undefined && result.made === 'of workloads') {
      io.stderr.write(
        '--tighten proposes nothing: there are no policies, and the app denies whatever it does not say\n',
      );
    }
    const tighterOut = typeof tighten === 'string' ? tighten : `${out.replace(/\/+$/, '')}-tighter`;
    const written = result.proof.verdict === 'equal' ? write(result, io.cwd, out, tighterOut) : undefined;
    const install = installCommand(resolve(io.cwd, out), absoluteRange());
    const shown = shownImport(result, { out, written, tighterOut, install });
    io.stdout.write(output === 'json' ? importToJson(shown) : importToText(shown, paintFor(io.stdout, io.env)));
    return written ? 0 : 1;
  } catch (error) {
    return reportFailure(io, error, flags.output);
  }
}

/** Both apps or none. */
function write({ files, tighter }: ImportResult, cwd: string, out: string, tighterOut: string): WrittenApp {
  const apps = [{ out, files }, ...(tighter ? [{ out: tighterOut, files: tighter.files }] : [])].map((app) => {
    const folder = resolve(cwd, app.out);
    return { folder, shown: app.out, files: new Map([...app.files, ...projectFiles(folder, ownRange(folder))]) };
  });
  return writeApps(apps)[0]!;
}

/** What a package.json of a folder asks for to get this tierwall. */
function ownRange(folder: string): string {
  return ownPackage(join(__dirname, '..', '..', '..'), ownVersion(), folder).range;
}

/** The same for whatever folder. */
function absoluteRange(): string {
  const { root } = parse(__dirname);
  const range = ownRange(root);
  return range.startsWith('file:') ? `file:${resolve(root, range.slice('file:'.length))}` : range;
}

function badName(name: string): InputError {
  const message = `\`--environment\` is \`${name}\`, which is no DNS label`;
  return badUsage(message, 'give a name such as `production`');
}
