import type { AppPlan } from '../plan';
import { type AppNames, namesIn } from './app-names';
import { importLine } from './import-line';
import { constant, object, quoted } from './literal';
import { namespaceCode } from './namespace-code';

/** File names and texts of an app. */
export type AppFiles = ReadonlyMap<string, string>;

/** The TypeScript of an app: one file for each namespace, and what joins them. */
export function appCode(plan: AppPlan): AppFiles {
  const names = namesIn(plan);
  const files = new Map<string, string>();
  files.set('environment.ts', environmentCode(plan, names));
  if (names.peers.size > 0) files.set('peers.ts', peersCode(names));
  for (const namespace of plan.namespaces) {
    files.set(`namespaces/${namespace.name}.ts`, namespaceCode(namespace, plan.environment, names));
  }
  files.set('main.ts', mainCode(plan, names));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function environmentCode({ environment }: AppPlan, names: AppNames): string {
  const { name, dns, nameKey, teamKey } = environment;
  const keys = object({ name: nameKey && quoted(nameKey), team: teamKey && quoted(teamKey) });
  const options = object({
    dns: dns === 'kubeDns' ? undefined : `${dns}()`,
    labels: keys && `new LabelScheme(${keys})`,
  });
  const imports = ['Environment', ...(keys ? ['LabelScheme'] : []), ...(dns === 'kubeDns' ? [] : [dns])];
  const why =
    dns === 'noDns'
      ? '/** DNS is stated where the policies that this was made from state it, and comes with no other egress. */\n'
      : '';
  const made = `new Environment(app, ${quoted(name)}${options ? `, ${options}` : ''})`;
  return [
    "import { App } from 'cdk8s';",
    importLine(imports, 'tierwall'),
    '',
    'export const app = new App();',
    '',
    `${why}${constant(names.environment, made)}`,
    '',
  ].join('\n');
}

function peersCode({ peers }: AppNames): string {
  const lines = [...peers].map(([code, name]) => constant(name, code));
  return ["import { Peer } from 'tierwall';", '', ...lines, ''].join('\n');
}

function mainCode({ namespaces }: AppPlan, { functions }: AppNames): string {
  const imports = namespaces.map(({ name, statements }) =>
    statements.length > 0
      ? importLine([functions.get(name)!], `./namespaces/${name}.js`)
      : `import './namespaces/${name}.js';`,
  );
  const calls = namespaces.flatMap(({ name, statements }) =>
    statements.length > 0 ? [`${functions.get(name)}();`] : [],
  );
  return [importLine(['app'], './environment.js'), ...imports, '', ...calls, 'app.synth();', ''].join('\n');
}
