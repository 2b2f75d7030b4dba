import { type Check, label, nested, type Options, oneOf, options, text } from '../constructs/options';
import { cniProfiles } from '../model/cni-profiles';
import { type DiffConfig, diffOptions } from './diff-config';
import { type LintConfig, lintOptions } from './lint-config';
import { type WorkloadsConfig, workloadsCheck } from './workloads-config';

/** The settings of a project: `export default` of tierwall.config.ts, or `tierwall` in cdk8s.yaml. */
export interface TierwallConfig {
  /** The command that runs the app. @default `app` in cdk8s.yaml */
  readonly app?: string;
  /** The folder for the policies. @default policies */
  readonly out?: string;
  /** What marks the files of the app in an output folder that other apps write to. @default nothing: it has the folder to itself */
  readonly name?: string;
  /** The network plugin, which decides what the API leaves open. @default kubernetes */
  readonly cni?: string;
  readonly lint?: LintConfig;
  /** The command that runs the tests of the network, for coverage and mutation testing, as `npx vitest run`. @default tables alone */
  readonly tests?: string;
  readonly diff?: DiffConfig;
  /** The manifests of the workloads that the services of the app are to pick. @default none are read */
  readonly workloads?: WorkloadsConfig;
}

/** Gives settings their type, and gives them back. */
export function defineConfig(config: TierwallConfig): TierwallConfig {
  return config;
}

const cni: Check = oneOf(...cniProfiles.map(({ id }) => id));

export const configOptions: Options<TierwallConfig> = options<TierwallConfig>('tierwall', {
  app: text('write the command, as `npx tsx main.ts`'),
  out: text('write the path of a folder, as `policies`'),
  name: label('write a short name that no other app has, as `shop`'),
  cni,
  lint: nested(lintOptions),
  tests: text('write the command, as `npx vitest run`'),
  diff: nested(diffOptions),
  workloads: workloadsCheck,
});
