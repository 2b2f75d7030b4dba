import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Place } from '../model/issue';
import { policyLabels } from '../model/policy-labels';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';
import type { AnyObject, ObjectReader } from './documents';
import { roleOf } from './object-role';
import { isWrittenText } from './ownership-line';

const names: ReadonlySet<string> = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** Fields by which a kustomization gives each of its resources another name: policies mean the same. */
const renaming = ['namePrefix', 'nameSuffix'];
/** And fields by which it makes some of them mean something else. Selectors of policies go by labels, and a policy is for pods of its namespace. */
const rewriting = [
  'namespace',
  'commonLabels',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'components',
  'replacements',
  'transformers',
  'generators',
  'helmCharts',
];

/** What a folder's kustomization does to the objects that its files say. Paths are absolute. */
export interface Kustomization {
  readonly folder: string;
  /** As messages call the folder; empty for the working directory. */
  readonly shown: string;
  /** The name of its file. */
  readonly name: string;
  /** Files that look like objects, and are parts of some. Kustomize takes none from outside the folder. */
  readonly patches: readonly string[];
  /** Other folders that it takes. */
  readonly takes: readonly string[];
  /** `labels`: of objects themselves, and none by which tierwall knows its own, which are as good as `names`. */
  readonly changes: 'nothing' | 'labels' | 'names' | 'objects';
  /** Whether tierwall wrote some of what it takes. */
  takesWritten(): boolean;
}

/** Whether a file, by its name, is one. */
export function isKustomization(name: string): boolean {
  return names.has(name);
}

/** The kustomization of a folder, if it has one. @param entries names of what is in the folder */
export function kustomizationIn(folder: string, shown: string, entries: readonly string[]): Kustomization | undefined {
  const name = entries.find(isKustomization);
  if (name === undefined) return undefined;
  const fields = fieldsOf(loaded(join(folder, name)));
  const { patches, patchesStrategicMerge, patchesJson6902, resources, bases, components, labels } = fields;
  const paths = [...itemsOf(patches), ...itemsOf(patchesJson6902)].map((patch) => textOf(fieldsOf(patch)['path']));
  const isThere = (field: string) => fields[field] !== undefined;
  const takes = [resources, bases, components].flatMap(itemsOf).map((path) => resolve(folder, textOf(path)));
  return {
    folder,
    shown: shown === '.' ? '' : shown,
    name,
    // One may be written out in place of its path.
    patches: [...paths, ...itemsOf(patchesStrategicMerge).map(textOf)]
      .filter((path) => path !== '' && !path.includes('\n'))
      .map((path) => resolve(folder, path)),
    takes,
    changes:
      rewriting.some(isThere) || itemsOf(labels).some(reachesSelectors)
        ? 'objects'
        : renaming.some(isThere) || itemsOf(labels).some(takesOwnLabel)
          ? 'names'
          : isThere('labels')
            ? 'labels'
            : 'nothing',
    takesWritten: () => takes.some(isWritten),
  };
}

/** Whether labels are put into selectors and the pods of workloads, and not just beside the names of objects. */
function reachesSelectors(entry: unknown): boolean {
  const { includeSelectors, includeTemplates, fields } = fieldsOf(entry);
  return includeSelectors === true || includeTemplates === true || fields !== undefined;
}

/** Whether it takes away the label by which tierwall knows its own. */
function takesOwnLabel(entry: unknown): boolean {
  return Object.keys(policyLabels).some((key) => fieldsOf(fieldsOf(entry)['pairs'])[key] !== undefined);
}

/** Whether tierwall wrote a file, or the kustomization of a folder. */
function isWritten(path: string): boolean {
  return ['', ...names].some((name) => isWrittenText(textAt(join(path, name))));
}

/** Nothing for what cannot be read: that is told where the file is read for itself. */
function loaded(path: string): unknown {
  try {
    return load(textAt(path));
  } catch {
    return undefined;
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What may tell patches from objects. */
export interface Patching<P extends Place> {
  /** What becomes of patches of kustomize. @default they are read as objects */
  patch?(object: AnyObject, place: P): void;
  /** Comes before what is in its folder. */
  kustomization?(found: Kustomization): void;
}

/** Hands on objects as patches, but those of kinds that say nothing here. */
export function readingPatches<P extends Place>(reader: ObjectReader<P> & Patching<P>): ObjectReader<P> {
  return {
    object: (object, place) => {
      if (reader.patch && roleOf(object).role !== 'none') reader.patch(object, place);
      else reader.object(object, place);
    },
    stray: (place) => reader.stray(place),
    issue: (issue) => reader.issue(issue),
    chunk: (chunk, bytes) => reader.chunk?.(chunk, bytes),
  };
}
