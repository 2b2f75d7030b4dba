import type { Cluster } from '../model/cluster';
import type { Issue } from '../model/issue';
import type { DocumentPlace } from '../model/policy';
import { ClusterReading } from '../read/cluster-reading';
import type { AnyObject } from '../read/documents';
import type { SourceOptions } from '../read/source-options';
import { readSources } from '../read/sources';
import { fieldsOf, textOf } from '../validation/json-value';
import { dnsLabel } from '../validation/text-format';
import { ReferenceReading, type References } from './references';

/** What an import begins with. */
export interface ImportInput {
  readonly cluster: Cluster;
  /** Documents of folders that the API server would refuse, or that are given again with other content: they are no part of the input. */
  readonly leftOut: readonly Issue[];
  /** The policies as objects, by `namespace/name`, for their annotations and for what is kept as it is. */
  readonly objects: ReadonlyMap<string, AnyObject>;
  /** What workloads name in their settings. */
  readonly references: References;
}

/** Problems of these kinds are of the command's words, and not of a document. */
const ofWords: ReadonlySet<string> = new Set(['unreadable', 'bad-source']);

/**
 * Reads what is to be imported. What was named itself has to be in order; among the files of a folder, documents that are no objects of a
 * cluster, such as templates and patches, are left out and told.
 * @throws InputError with every problem of every source
 */
export async function readForImport(words: readonly string[], options: SourceOptions): Promise<ImportInput> {
  const reading = new ImportReading();
  await readSources(words, options, reading);
  return reading.result();
}

class ImportReading extends ClusterReading {
  private readonly leftOut: Issue[] = [];
  private readonly documents = new Map<string, AnyObject>();
  private readonly references = new ReferenceReading();

  override issue(issue: Issue): void {
    if (this.strays === 'skipped' && !ofWords.has(issue.code)) this.leftOut.push(issue);
    else super.issue(issue);
  }

  override object(object: AnyObject, place: DocumentPlace): void {
    const metadata = fieldsOf(object['metadata']);
    const name = textOf(metadata['name']) || textOf(metadata['generateName']);
    const identity = { namespace: textOf(metadata['namespace']) || 'default', name };
    // It becomes the name of a file.
    if (dnsLabel(identity.namespace).length > 0) {
      const message = `namespace \`${identity.namespace}\` is no DNS label, so no cluster has it`;
      this.issue({
        code: 'bad-namespace',
        message,
        place: place.at('metadata.namespace'),
        hint: 'correct the manifest',
      });
      return;
    }
    super.object(object, place);
    const key = `${identity.namespace}/${identity.name}`;
    if (object.kind === 'NetworkPolicy' && !this.documents.has(key)) this.documents.set(key, object);
    this.references.object(object, identity);
  }

  result(): ImportInput {
    const { leftOut, documents: objects } = this;
    const cluster = this.finish();
    return { cluster, leftOut, objects, references: this.references.result() };
  }
}
