import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Intended } from '../analysis/drift/intended';
import { constructOf, environmentOf } from '../analysis/drift/ownership';
import { badUsage, type Place } from '../model/issue';
import { readCluster } from '../read/cluster';
import type { SourceOptions } from '../read/source-options';
import { type AppCluster, runAppAsSource } from '../synth/app-source';
import type { AppRun } from '../synth/run-app';

/** What an app declares for one cluster. @param environments those that are asked for; of none, all of the one cluster @throws InputError */
export async function intendedByApp(run: AppRun, environments: readonly string[]): Promise<Intended> {
  const app = clusterFor(await runAppAsSource(run), environments);
  const asked = new Set(environments.length > 0 ? environments : app.environments);
  const policies = app.cluster.policies.filter((policy) => asked.has(environmentOf(policy)));
  const names = new Set(policies.map(({ namespace }) => namespace));
  return {
    cluster: { ...app.cluster, policies, namespaces: app.cluster.namespaces.filter(({ name }) => names.has(name)) },
    ...linesOf(app),
  };
}

/**
 * What was committed of an app: the folder of its output, or a part of it.
 * @param environments folders in it that are asked for; of none, all
 * @param app where its lines are asked for too
 * @throws InputError
 */
export async function intendedByFolder(
  words: readonly string[],
  environments: readonly string[],
  options: SourceOptions,
  app?: AppRun,
): Promise<Intended> {
  const folders = environments.flatMap((name) => words.map((word) => join(word, name)));
  const missing = environments.filter((name) => !words.some((word) => existsSync(resolve(options.cwd, word, name))));
  if (missing.length > 0) {
    const message = `there is no environment \`${missing.join('`, `')}\` in \`${words.join('`, `')}\``;
    const hint = 'an environment is a folder of the output of `tierwall synth`';
    throw badUsage(message, hint);
  }
  const present = folders.filter((folder) => existsSync(resolve(options.cwd, folder)));
  const cluster = await readCluster(environments.length > 0 ? present : words, options);
  const lines = app ? linesOf((await runAppAsSource(app))[0]) : linesOf(undefined);
  return { cluster, ...lines };
}

function linesOf(app: AppCluster | undefined): Pick<Intended, 'declaredAt' | 'intentsOf'> {
  return {
    declaredAt(policy): Place | undefined {
      const construct = constructOf(policy);
      return construct === '' ? undefined : { construct, ...app?.lineOf(construct) };
    },
    intentsOf: (rule) =>
      (app?.intentsOf(rule) ?? []).map(({ path, at, caller, callee }) => ({
        text: `${caller} → ${callee}`,
        place: { construct: path, ...at },
      })),
  };
}

function clusterFor(clusters: readonly AppCluster[], environments: readonly string[]): AppCluster {
  const fitting = clusters.filter((cluster) =>
    environments.every((environment) => cluster.environments.includes(environment)),
  );
  const [only, ...more] = fitting;
  if (only && more.length === 0) return only;
  const known = clusters.map((cluster) => cluster.environments.join(', ')).join('; of another cluster ');
  const message = only
    ? 'the app has environments of several clusters'
    : `no cluster of the app has the environments \`${environments.join('`, `')}\``;
  throw badUsage(message, `name one with \`--environment\`; there are ${known}`);
}
