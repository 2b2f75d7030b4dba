import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Place } from '../model/issue';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';
import type { AnyObject, ObjectReader } from './documents';
import { roleOf } from './object-role';

const names: ReadonlySet<string> = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/**
 * The files in a folder that its kustomization applies as patches: they look like objects, and are parts of some. Kustomize takes none from outside the
 * folder.
 */
export function patchFilesIn(folder: string, entries: readonly string[]): string[] {
  return entries
    .filter((entry) => names.has(entry))
    .flatMap((entry) => {
      const { patches, patchesStrategicMerge, patchesJson6902 } = fieldsOf(loaded(join(folder, entry)));
      const paths = [...itemsOf(patches), ...itemsOf(patchesJson6902)].map((patch) => textOf(fieldsOf(patch)['path']));
      // One may be written out in place of its path.
      return [...paths, ...itemsOf(patchesStrategicMerge).map(textOf)].filter(
        (path) => path !== '' && !path.includes('\n'),
      );
    })
    .map((path) => resolve(folder, path));
}

/** Nothing for what cannot be read: that is told where the file is read for itself. */
function loaded(path: string): unknown {
  try {
    return load(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What may tell patches from objects. */
export interface Patching<P extends Place> {
  /** What becomes of patches of kustomize. @default they are read as objects */
  patch?(object: AnyObject, place: P): void;
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
