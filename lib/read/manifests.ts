import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type Issue, type Place } from '../model/issue';
import type { NetworkPolicy } from '../model/network-policy';
import type { ServiceObject } from '../model/service-object';
import { isWorkloadKind, type Workload, type WorkloadKind } from '../model/workload';
import { type KubernetesObject, readDocuments } from './documents';
import { readServiceObject } from './service-object';
import { readWorkload } from './workload';

export interface ReadPolicy {
  readonly name: string;
  readonly namespace?: string;
  readonly object: NetworkPolicy;
  readonly place: Place;
}

/** Kubernetes objects read from existing manifests. Immutable. */
export class Manifests {
  readonly workloads: readonly Workload[];
  readonly services: readonly ServiceObject[];
  readonly policies: readonly ReadPolicy[];

  private constructor(
    private readonly source: string,
    objects: readonly (readonly [KubernetesObject, Place])[],
  ) {
    const of = (fits: (kind: string) => boolean) => objects.filter(([object]) => fits(object.kind));
    this.workloads = of(isWorkloadKind).map(([object, place]) => readWorkload(object, place));
    this.services = of((kind) => kind === 'Service').map(([object, place]) => readServiceObject(object, place));
    this.policies = of((kind) => kind === 'NetworkPolicy').map(([object, place]) => {
      const { name, namespace } = object.metadata;
      return { name, ...(namespace ? { namespace } : {}), object: object as unknown as NetworkPolicy, place };
    });
  }

  /** @throws InputError with every problem of the file */
  static fromFile(path: string): Manifests {
    return Manifests.read(path, [path]);
  }

  /** All `.yaml`, `.yml` and `.json` files of a folder and those below it. @throws InputError with every problem of every file */
  static fromFolder(path: string): Manifests {
    return Manifests.read(path, filesBelow(path));
  }

  /** A text as `helm template` or `kustomize build` prints it. @param name how messages call it */
  static fromText(text: string, name = 'the text'): Manifests {
    const { objects, issues } = readDocuments(text, name);
    if (issues.length > 0) throw new InputError(issues);
    return new Manifests(
      name,
      objects.map((object) => [object, { file: name }] as const),
    );
  }

  private static read(source: string, paths: readonly string[]): Manifests {
    const objects: [KubernetesObject, Place][] = [];
    const issues: Issue[] = [];
    for (const path of paths) {
      const document = readDocuments(textOf(path), path);
      issues.push(...document.issues);
      objects.push(...document.objects.map((object): [KubernetesObject, Place] => [object, { file: path }]));
    }
    if (issues.length > 0) throw new InputError(issues);
    return new Manifests(source, objects);
  }

  /** The one workload of that name, and kind if given. @throws InputError naming what there is */
  workload(kind: WorkloadKind | undefined, name: string): Workload {
    const found = this.workloads.filter((w) => w.name === name && (kind === undefined || w.kind === kind));
    const known = this.workloads.map((w) => `${w.kind} ${w.name}`);
    return this.one(found, `workload \`${name}\`${kind ? ` of kind ${kind}` : ''}`, known);
  }

  /** The one Kubernetes Service of that name. @throws InputError naming what there is */
  service(name: string): ServiceObject {
    return this.one(
      this.services.filter((s) => s.name === name),
      `Kubernetes Service \`${name}\``,
      this.services.map((s) => s.name),
    );
  }

  private one<T>(found: readonly T[], what: string, known: readonly string[]): T {
    const [only, ...more] = found;
    if (only !== undefined && more.length === 0) return only;
    const message = only === undefined ? `there is no ${what}` : `there are ${found.length} of ${what}`;
    const hint = known.length > 0 ? `there are: ${known.slice(0, 20).join(', ')}` : 'nothing of the kind is in it';
    throw new InputError([{ code: 'not-one', message, place: { file: this.source }, hint }]);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError([
      { code: 'unreadable', message: (error as Error).message, place: { file: path }, hint: 'correct the path' },
    ]);
  }
}

function filesBelow(folder: string): string[] {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new InputError([
      { code: 'unreadable', message: (error as Error).message, place: { file: folder }, hint: 'correct the path' },
    ]);
  }
  return entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return /\.(ya?ml|json)$/.test(entry.name) ? [path] : [];
    });
}
