import type { Cluster } from '../model/cluster';
import type { Issue, Place } from '../model/issue';
import { ClusterReading } from './cluster-reading';
import { openObject, readDocuments } from './documents';
import { placeInMemory } from './object-place';
import type { ReceivedObject } from './received-object';
import type { SourceOptions } from './source-options';
import { HeldText } from './source-text';
import { readSources } from './sources';

/**
 * The cluster that manifests describe.
 *
 * @param words sources as a command takes them: files, folders, patterns such as `deploy/*.yaml`, `-` for standard input, and
 * `REV:path` for a file or folder of a git revision
 * @throws InputError with every problem of every source
 */
export async function readCluster(words: readonly string[], options: SourceOptions): Promise<Cluster> {
  const reading = new ClusterReading();
  await readSources(words, options, reading);
  return reading.finish();
}

/** The cluster that texts describe, each with many documents as `helm template` prints them. @throws InputError with every problem of every text */
export function clusterOfTexts(texts: Iterable<{ readonly file: string; readonly text: string }>): Cluster {
  const reading = new ClusterReading();
  for (const { file, text } of texts) readDocuments(HeldText.of(file, text), reading);
  return reading.finish();
}

/**
 * The cluster that API objects describe; `List`s are opened.
 *
 * @param place of each object, by its position
 * @throws InputError with every problem of every object
 */
export function clusterOfObjects(objects: Iterable<unknown>, place: Place | ((index: number) => Place) = {}): Cluster {
  const reading = new ClusterReading();
  let index = 0;
  for (const object of objects) {
    const own = typeof place === 'function' ? place(index) : place;
    openObject(object, (item) => placeInMemory(item ? { ...own, field: item } : own), reading);
    index++;
  }
  return reading.finish();
}

/** As far as it can be read: what is received one by one has to be read beside what is wrong with it. */
export function clusterOfReceived(objects: Iterable<ReceivedObject>): {
  readonly cluster: Cluster;
  readonly issues: readonly Issue[];
} {
  const reading = new ClusterReading();
  for (const { object, place } of objects) openObject(object, () => place, reading);
  return { cluster: reading.finishReadable(), issues: reading.issues };
}
