import type { HandedDocument, Handover } from '../constructs/handed-over';
import { InputError, type Issue } from '../model/issue';
import { toYaml } from '../render/yaml';

/** Texts by path below the output folder, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

/** The first line of every file, by which tierwall knows its own: no other file is ever changed or removed. */
export const ownershipLine = '# Written by tierwall synth. Do not edit: change the intents in the code instead.';

/**
 * The GitOps layout: a folder for each environment, in it one for each namespace, a file for each object, and a kustomization.yaml in every
 * folder, which lists them in the order in which they are to be applied. @throws InputError if two objects would be one file
 */
export function layOut(handovers: readonly Handover[]): Files {
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
    files.set(path, owned(document.text));
    list(environment, namespace, 'first');
    list(folder, fileName(document), document.applied);
  }
  if (issues.length > 0) throw new InputError(issues);
  for (const [folder, entries] of folders)
    files.set(`${folder}/${kustomizationFile}`, owned(kustomization(inOrder(entries))));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const kustomizationFile = 'kustomization.yaml';

/** Whether tierwall wrote a file, and for this folder: deeper than its layout goes is the output of another app. */
export function isOwned(path: string, text: string): boolean {
  return text.startsWith(ownershipLine) && path.split('/').length <= 3;
}

function owned(text: string): string {
  return `${ownershipLine}\n${text}`;
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
