import type { App } from 'cdk8s';
import { Construct } from 'constructs';
import { proofVariable, sourceVariable } from '../constructs/handed-over';
import { handoverOf } from '../constructs/handover';
import { anything, options as known, show } from '../constructs/options';
import { besideIn, provePolicies } from '../constructs/proof';
import { synthesize } from '../constructs/synthesizer';
import { InputError } from '../model/issue';
import type { Policy } from '../model/policy';
import { clusterOfTexts, readCluster } from '../read/cluster';
import { type AppCluster, clustersOfApp } from '../synth/app-source';
import { outputFolder, readConfig } from '../synth/config';
import { runApp } from '../synth/run-app';
import { checkOptions } from './check-options';
import { factsOf, Network, type NetworkOptions } from './network';
import { bad } from './party';

export interface AppNetworkOptions extends NetworkOptions {
  /** Which of several clusters that the app's environments name. @default the only one */
  readonly cluster?: string;
}

interface ProjectNetworkOptions extends AppNetworkOptions {
  /** The folder of its cdk8s.yaml. @default the working directory */
  readonly cwd?: string;
  /** How it is run. @default `app` of the settings */
  readonly app?: string;
}

const appNetworkOptions = known<AppNetworkOptions>('networkOfApp', { cni: anything, cluster: anything });
const projectOptions = known<ProjectNetworkOptions>('networkOfProject', {
  ...appNetworkOptions.checks,
  cwd: anything,
  app: anything,
});
const sourceOptions = known<NetworkOptions & { readonly cwd?: string }>('readNetwork', {
  cni: anything,
  cwd: anything,
});
const textOptions = known<NetworkOptions & { readonly file?: string }>('networkOfText', {
  cni: anything,
  file: anything,
});

/**
 * What an app comes to: its policies, and the pods of its services. Nothing is written.
 * @param app or any construct of it
 * @throws InputError with every mistake of the app
 */
export function networkOfApp(app: App | Construct, options: AppNetworkOptions = {}): Network {
  checkOptions(options, appNetworkOptions);
  if (!Construct.isConstruct(app)) {
    throw bad(
      `networkOfApp is given \`${show(app)}\`, which is no App`,
      'give the App of the environments, and await what is a promise',
    );
  }
  const root = app.node.root as Construct;
  const found = oneOf(clustersOfApp([handoverOf(root, { source: 'asked' })]), options.cluster);
  return new Network(found.cluster, options, { app: factsOf(found), prove: () => proved(root, found) });
}

/**
 * What the app of a project comes to, run and proved as `tierwall synth` does. That takes longer than a test runner gives a test, so await it
 * where there is time: `beforeAll(async () => { network = await networkOfProject(); }, 60_000)`.
 * @throws InputError with every mistake of the app
 */
export async function networkOfProject(options: ProjectNetworkOptions = {}): Promise<Network> {
  checkOptions(options, projectOptions);
  const { cwd = process.cwd(), app } = options;
  const { app: command, out } = await readConfig(cwd, app === undefined ? {} : { app });
  const env = { ...process.env, [sourceVariable]: 'asked', [proofVariable]: 'on' };
  const print = (text: string) => void process.stderr.write(text);
  const found = oneOf(clustersOfApp(await runApp({ command, cwd, env, print })), options.cluster);
  // What could not be proved was among the app's mistakes.
  return new Network(found.cluster, options, { app: factsOf(found, outputFolder(cwd, out)), prove: () => [] });
}

/**
 * What manifests say: files, folders, patterns, or `REV:path`, as commands take them.
 * @throws InputError with every problem of every source
 */
export async function readNetwork(
  paths: string | readonly string[],
  options: NetworkOptions & { readonly cwd?: string } = {},
): Promise<Network> {
  checkOptions(options, sourceOptions);
  const words = typeof paths === 'string' ? [paths] : paths;
  return new Network(await readCluster(words, { cwd: options.cwd ?? process.cwd() }), options);
}

/** What a text says, as `helm template` or `kustomize build` prints it. @throws InputError with every problem of the text */
export function networkOfText(text: string, options: NetworkOptions & { readonly file?: string } = {}): Network {
  checkOptions(options, textOptions);
  if (typeof text !== 'string') {
    throw bad(
      `networkOfText is given \`${show(text)}\`, which is no text`,
      'give the YAML itself, and await what is a promise',
    );
  }
  return new Network(clusterOfTexts([{ file: options.file ?? 'the text', text }]), options);
}

/** Where no types are checked, an option that is mistyped would be left out without a word. */
export function oneOf(clusters: readonly AppCluster[], name: string | undefined): AppCluster {
  const names = clusters.map((cluster) => cluster.name).join(', ');
  const fitting = name === undefined ? clusters : clusters.filter((cluster) => cluster.name === name);
  const [only, ...more] = fitting;
  if (only && more.length === 0) return only;
  if (!only)
    throw bad(
      name === undefined ? 'the app declares no environment' : `the app has no cluster \`${name}\``,
      `it has ${names || 'none'}`,
    );
  throw bad(`the app has ${clusters.length} clusters`, `say which: \`cluster\` is one of ${names}`);
}

/** What the policies as they are written do not say of what the code declares, with the guarantees that they break. */
function proved(
  root: Construct,
  { cluster, environments }: AppCluster,
): ReturnType<NonNullable<Network['source']['prove']>> {
  const result = synthesize(root);
  if (result.issues.length > 0) throw new InputError(result.issues);
  const of = (name: string) => cluster.policies.filter(({ place }: Policy) => place.file?.startsWith(`${name}/`));
  const own = result.program.environments.filter(({ name }) => environments.includes(name));
  const policies = new Map(own.map((environment) => [environment, of(environment.name)] as const));
  const clusters = new Set(own.map((environment) => environment.cluster));
  const program = {
    ...result.program,
    environments: own,
    namespaces: result.program.namespaces.filter(({ environment }) => clusters.has(environment.cluster)),
  };
  const hint = 'please report it with the program';
  return provePolicies({ ...result, program }, policies, {
    hint,
    before: process.cpuUsage(),
    others: (cluster) => besideIn(result, cluster),
  }).issues;
}
