import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import { ClusterReading, type ReadObject } from './cluster-reading';
import { readDocuments } from './documents';
import type { IgnoreComment } from './ignore-comments';
import type { SourceOptions } from './source-options';
import { HeldText } from './source-text';
import { readSources } from './sources';

/** Manifests with all that is wrong with them: what could be read of them, every object as it is written, and the problems. */
export interface RawManifests {
  readonly cluster: Cluster;
  readonly objects: readonly ReadObject[];
  readonly issues: readonly Issue[];
  /** Comments that accept findings. */
  readonly comments: readonly IgnoreComment[];
}

/** As `readCluster`, but that problems end nothing. */
export function readRawManifests(words: readonly string[], options: SourceOptions): Promise<RawManifests> {
  return readPlacedManifests([{ words }], options);
}

/** What one or more words name, and the namespace of objects that name none. */
export interface PlacedSources {
  readonly words: readonly string[];
  /** @default default */
  readonly namespace?: string | undefined;
}

/** As `readRawManifests`, of sources that are applied to namespaces of their own. */
export async function readPlacedManifests(
  sources: readonly PlacedSources[],
  options: SourceOptions,
): Promise<RawManifests> {
  const reading = new ClusterReading({ objects: 'kept' });
  const { namespace: usual } = reading;
  for (const { words, namespace = usual } of sources) {
    reading.namespace = namespace;
    await readSources(words, options, reading);
  }
  return rawManifests(reading);
}

/** As `clusterOfTexts`, but that problems end nothing. */
export function rawManifestsOfTexts(texts: Iterable<{ readonly file: string; readonly text: string }>): RawManifests {
  const reading = new ClusterReading({ objects: 'kept' });
  for (const { file, text } of texts) readDocuments(HeldText.of(file, text), reading);
  return rawManifests(reading);
}

function rawManifests(reading: ClusterReading): RawManifests {
  return {
    cluster: reading.finishReadable(),
    objects: reading.kept ?? [],
    issues: [...reading.issues, ...reading.kustomizations.notApplied()],
    comments: reading.comments,
  };
}
