import { amongWorkloads } from '../../analysis/among-workloads';
import { type Settings, settingsFiles } from '../../config/read-settings';
import { isInRevision } from '../../read/git-range';
import { amongTheirWorkloads } from '../../synth/app-workloads';
import { withRevision } from '../../synth/revision-tree';
import type { Io } from '../io';
import { type AppSide, nothing, runAppIn, stateOfApp, statesOfApps } from './app-state';
import type { StatePair } from './committed-app';

/** Whether a revision has settings where the app is now. */
export function hadApp(commit: string, path: string, cwd: string): boolean {
  return settingsFiles.some((file) => isInRevision(commit, `${path}/${file}`, cwd));
}

/** An app as it is now. */
export interface PresentApp {
  readonly cwd: string;
  readonly project: Settings;
}

/**
 * Runs the app of a folder as it is in a commit, in a temporary folder with the dependencies of its lock file. Its workloads are those of now:
 * what is compared is what may talk, and not who is there. What else their manifests hold is that of the commit.
 * @param prefix goes before the files that it names
 * @param asked one of its clusters
 * @throws InputError with every mistake of the app, and where its dependencies cannot be installed
 */
export async function runAppOfRevision(
  io: Io,
  commit: string,
  { cwd, project }: PresentApp,
  prefix: string,
  asked: string | undefined,
): Promise<readonly AppSide[]> {
  const place = { cwd, env: io.env, print: (text: string) => void io.stderr.write(text) };
  const { sides } = await withRevision(commit, place, (tree) => runAppIn(io, tree, prefix, asked));
  const apps = sides.map(({ app }) => app);
  const among = await amongTheirWorkloads(apps, project, cwd, 'some');
  return Promise.all(
    sides.map(async (side, i) => {
      const manifests = await among[i]!.manifestsOf?.(commit);
      const cluster = manifests ? amongWorkloads(side.app.cluster, manifests) : side.app.cluster;
      return { ...side, app: { ...among[i]!, cluster } };
    }),
  );
}

/** Two apps cluster by cluster, by name if any of them has several. */
export function pairsOfApps(before: readonly AppSide[], after: readonly AppSide[]): StatePair[] {
  const pair = (cluster: string | undefined, old: AppSide | undefined, fresh: AppSide | undefined): StatePair => {
    const state = (own: AppSide | undefined) => (own ? stateOfApp(own, []) : nothing);
    const [before, after] = old && fresh ? statesOfApps(old, fresh) : [state(old), state(fresh)];
    return { cluster, before, after };
  };
  if (before.length < 2 && after.length < 2) return [pair(undefined, before[0], after[0])];
  const named = (sides: readonly AppSide[], name: string) => sides.find(({ app }) => app.name === name);
  const names = [...new Set([...before, ...after].map(({ app }) => app.name))].sort();
  return names.map((name) => pair(name, named(before, name), named(after, name)));
}
