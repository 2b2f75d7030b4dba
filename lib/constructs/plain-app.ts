import { type ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { InputError, issueLines } from '../model/issue';
import type { EnvironmentModel } from '../model/program';
import { clusterOfTexts } from '../read/cluster';
import { stringsMisreadInPlainYaml } from '../render/yaml-hazards';
import type { CompiledNamespace } from '../targets/compile';
import { isApiObject, isChart } from './cdk8s-kinds';
import { proveEmitted } from './proof';
import { recordSource } from './recorded-source';
import { Registry } from './registry';
import { reportLines } from './report';
import { keepResult, type Synthesized, synthesize } from './synthesizer';
import { WrittenObject } from './written-object';

type Environment = Construct & { readonly model: EnvironmentModel };

/** What was put into the tree for one synthesis, to be taken out again before another one. */
interface Written {
  readonly result: Synthesized;
  readonly added: readonly Construct[];
  readonly errors: readonly string[];
}

const environments = new WeakMap<Registry, Environment[]>();
const writings = new WeakMap<Registry, Written>();

/**
 * Makes `app.synth()`, `Testing.synth` and cdk8s-cli give the environment's objects: they are put into the tree while cdk8s
 * validates it, in an order that does not depend on the program's, and before cdk8s lists what to write.
 */
export function writeWithPlainApp(environment: Environment): void {
  const registry = Registry.of(environment);
  const list = environments.get(registry) ?? [];
  environments.set(registry, list);
  list.push(environment);
  environment.node.addValidation({ validate: () => (list[0] === environment ? writeAll(registry, list) : []) });
}

/** Whether the construct's validation is the one that writes. */
export function writesWithPlainApp(construct: IConstruct): boolean {
  return environments.get(Registry.of(construct))?.some((environment) => environment === construct) ?? false;
}

function writeAll(registry: Registry, list: readonly Environment[]): string[] {
  const result = synthesize(registry.root);
  let written = writings.get(registry);
  if (written?.result !== result) {
    for (const construct of written?.added ?? []) construct.node.scope?.node.tryRemoveChild(construct.node.id);
    written = write(registry, list, result);
    writings.set(registry, written);
    keepResult(registry.root);
    for (const line of reportLines(result)) console.warn(`tierwall: ${line}`);
  }
  return [...written.errors];
}

function write(registry: Registry, list: readonly Environment[], result: Synthesized): Written {
  if (result.issues.length > 0) return { result, added: [], errors: issueLines(result.issues) };
  const added: Construct[] = [];
  const errors: string[] = [];
  const written = new Map<EnvironmentModel, WrittenObject[]>();
  const ordered = [...list].sort((a, b) => (a.model.name < b.model.name ? -1 : 1));
  for (const environment of ordered) {
    for (const compiled of result.namespaces.filter((n) => n.namespace.environment === environment.model)) {
      const scope = scopeFor(registry.root, environment, compiled, added);
      for (const object of objectsOf(compiled)) {
        for (const text of stringsMisreadInPlainYaml(object)) {
          errors.push(
            `\`${text}\` in ${object.kind} \`${object.metadata.name}\` would be written by cdk8s so that kubectl reads something else; use \`tierwall synth\`, or another text`,
          );
        }
        const id = `${object.kind}-${compiled.namespace.name}-${object.metadata.name}`;
        const apiObject = new WrittenObject(scope, id, object);
        const list = written.get(environment.model) ?? [];
        written.set(environment.model, list);
        list.push(apiObject);
        if (scope === environment) added.push(apiObject);
      }
    }
  }
  errors.push(...collisions(registry.root));
  return { result, added, errors: errors.length > 0 ? errors : proofErrors(registry.root, result, written) };
}

/** cdk8s has no hook after writing: what is proved is the texts of the objects, which it asks for when it writes. */
function proofErrors(
  root: IConstruct,
  result: Synthesized,
  written: ReadonlyMap<EnvironmentModel, readonly WrittenObject[]>,
): string[] {
  const read = (environment: EnvironmentModel) => {
    const texts = (written.get(environment) ?? []).map((object) => `${object.toJson()}`);
    const file = `what is written for ${environment.name}`;
    return clusterOfTexts([{ file, text: texts.join('---\n') }]).policies;
  };
  const proof = proveEmitted(result, read);
  recordSource(root, result, read);
  if (proof && process.stderr.isTTY && !process.env['CI']) {
    console.warn(`tierwall: proved that the policies allow what is declared (${proof.summary.cpuSeconds} CPU-s)`);
  }
  return issueLines(proof?.issues ?? []);
}

/** In the order in which they are to be applied: where a default deny came before a service's own policy, it would cut what the service may do. */
export function objectsOf({ object, defaultDeny, policies }: CompiledNamespace) {
  return [...(object ? [object] : []), ...policies, ...(defaultDeny ? [defaultDeny] : [])];
}

/** The chart that the environment is in, or one of its own: for each namespace where each chart is a folder, else for all. */
function scopeFor(
  root: IConstruct,
  environment: Environment,
  { namespace }: CompiledNamespace,
  added: Construct[],
): Construct {
  if (environment.node.scopes.some(isChart)) return environment;
  const perNamespace = outputTypeOf(root) === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  const id = `tierwall-${environment.model.name}${perNamespace ? `-${namespace.name}` : ''}`;
  const existing = added.find((construct) => construct.node.id === id);
  if (existing) return existing;
  if (root.node.tryFindChild(id)) {
    const message = `the app has a construct \`${id}\`, which is what the chart for the policies of environment \`${environment.model.name}\` is called`;
    const hint = 'give that construct another id';
    throw new InputError([{ code: 'id-taken', message, place: { construct: id }, hint }]);
  }
  const chart = new Chart(root as Construct, id);
  added.push(chart);
  return chart;
}

/** cdk8s names a file by kind and name alone: two objects of one name in one folder would leave one of them out. */
function collisions(root: IConstruct): string[] {
  const type = outputTypeOf(root);
  const perChart = type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  if (!perChart && type !== YamlOutputType.FILE_PER_RESOURCE) return [];
  const files = new Map<string, ApiObject>();
  const errors: string[] = [];
  for (const object of root.node.findAll().filter(isApiObject)) {
    const file = `${perChart ? Names.toDnsLabel(object.chart) : ''}/${fileNameOf(object)}`;
    const other = files.get(file);
    if (other) {
      const both = `namespaces \`${other.metadata.namespace}\` and \`${object.metadata.namespace}\``;
      errors.push(
        `cdk8s would write two objects to one file: ${object.kind} \`${object.name}\` of ${both}; use another yamlOutputType${perChart ? ', or put the Environment directly into the App' : ''}, or \`tierwall synth\``,
      );
    }
    files.set(file, object);
  }
  return errors;
}

/** cdk8s leaves out what it does not want in a file's name. */
function fileNameOf({ kind, name }: ApiObject): string {
  return `${kind}.${name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

function outputTypeOf(root: IConstruct): YamlOutputType | undefined {
  return root instanceof App ? root.yamlOutputType : undefined;
}
