import type { HandedDocument, Handover } from '../constructs/handed-over';
import { InputError, type Issue } from '../model/issue';
import { appOf, owned } from '../read/ownership-line';
import { toYaml } from '../render/yaml';

/** Texts by path below the output folder, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

/**
 * The GitOps layout: a folder for each environment, in it one for each namespace, a file for each object, and a kustomization.yaml in every
 * folder, which lists them in the order in which they are to be applied. That of an environment lists namespaces of other apps too.
 * @param app as its settings name it. @default it has no name
 * @param written what tierwall wrote to the folder, for whichever app. @default nothing
 * @throws InputError if two objects would be one file
 */
export function layOut(handovers: readonly Handover[], app?: string, written: Files = new Map()): Files {
  const files = new Map<string, string>();
  const issues: Issue[] = [];
  const folders = new Map<string, Map<string, HandedDocument['applied']>>();
  const list = (folder: string, entry: string, applied: HandedDocument['applied']) => {
    const entries = folders.get(folder) ?? new Map();
    folders.set(folder, entries.set(entry, applied));
  };
  for (const document of handovers.flatMap((handover) => handover.documents)) {
    const { environment, namespace } = document;
    const folder = `${environment}/${namespace}`;
    const path = `${folder}/${fileName(document)}`;
    if (files.has(path)) {
      const message = `${document.kind} \`${document.name}\` of namespace \`${namespace}\` is written twice`;
      issues.push({
        code: 'written-twice',
        message,
        place: { file: path },
        hint: 'let one app declare it, or give one another name',
      });
    }
    files.set(path, owned(document.text, app));
    list(environment, namespace, 'first');
    list(folder, fileName(document), document.applied);
  }
  if (issues.length > 0) throw new InputError(issues);
  const had = new Set(
    [...written].flatMap(([path, text]) => (appOf(text) === app ? (namespaceOf(path)?.[0] ?? []) : [])),
  );
  for (const [environment, namespace] of namespacesOfOthers(written, app)) {
    if (folders.has(environment) || had.has(environment)) list(environment, namespace, 'first');
  }
  for (const [folder, entries] of folders) {
    const writer = folder.includes('/') ? app : undefined;
    files.set(`${folder}/${kustomizationFile}`, owned(kustomization(inOrder(entries)), writer));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const kustomizationFile = 'kustomization.yaml';

/** The environment and namespace that a file is about; undefined for one that is about an environment alone. */
export function namespaceOf(path: string): readonly [environment: string, namespace: string] | undefined {
  const [environment, namespace, file] = path.split('/') as [string, string, string?];
  return file === undefined ? undefined : [environment, namespace];
}

/** A namespace is whose its kustomization.yaml is. */
export function namespacesOfOthers(written: Files, app: string | undefined): (readonly [string, string])[] {
  return [...written].flatMap(([path, text]) => {
    const namespace = path.endsWith(`/${kustomizationFile}`) && appOf(text) !== app ? namespaceOf(path) : undefined;
    return namespace ? [namespace] : [];
  });
}

function fileName({ kind, name }: HandedDocument): string {
  return kind === 'Namespace' ? 'namespace.yaml' : `${name}.yaml`;
}

function inOrder(entries: ReadonlyMap<string, HandedDocument['applied']>): string[] {
  const names = [...entries.keys()].sort();
  return [
    ...names.filter((name) => entries.get(name) === 'first'),
    ...names.filter((name) => entries.get(name) === 'last'),
  ];
}

/** Kustomize sorts by kind and name, unless it is told to keep the order. */
function kustomization(resources: readonly string[]): string {
  const sortOptions = { order: 'fifo' };
  return toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', sortOptions, resources });
}
