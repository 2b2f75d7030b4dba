import { InputError, type Issue, type Place } from '../model/issue';
import type { NetworkPolicy } from '../model/network-policy';
import type { DocumentPlace } from '../model/policy';
import type { ServiceObject } from '../model/service-object';
import type { Workload, WorkloadKind } from '../model/workload';
import { Origin } from '../origin/origin';
import { type FieldError, required } from '../validation/field-error';
import { FieldPath } from '../validation/field-path';
import { fieldsOf, textOf } from '../validation/json-value';
import { type AnyObject, noObject, readDocuments } from './documents';
import { fieldIssue, objectToString } from './field-issue';
import { roleOf } from './object-role';
import { readServiceObject } from './service-object';
import { HeldText } from './source-text';
import { readPath, type SourceReader } from './sources';
import { readWorkload } from './workload';

export interface ReadPolicy {
  readonly name: string;
  readonly namespace?: string;
  readonly object: NetworkPolicy;
  readonly place: Place;
}

/** Without types nobody is told earlier. */
function noText(given: unknown): InputError {
  const origin = Origin.capture();
  const message = `manifests are to be read of \`${given}\`, which is no text`;
  return new InputError([
    { code: 'no-text', message, place: origin ? { origin } : {}, hint: 'give a path, or the text' },
  ]);
}

/** Kubernetes objects read from existing manifests. Immutable. */
export class Manifests {
  private constructor(
    private readonly source: string,
    readonly workloads: readonly Workload[],
    readonly services: readonly ServiceObject[],
    readonly policies: readonly ReadPolicy[],
  ) {}

  /** @throws InputError with every problem of the file */
  static fromFile(path: string): Manifests {
    return Manifests.read(path, (reader) => readPath(path, reader));
  }

  /** All `.yaml`, `.yml` and `.json` files of a folder and those below it. @throws InputError with every problem of every file */
  static fromFolder(path: string): Manifests {
    return Manifests.read(path, (reader) => readPath(path, reader));
  }

  /** A text as `helm template` or `kustomize build` prints it. @param name how messages call it */
  static fromText(text: string, name = 'the text'): Manifests {
    if (typeof text !== 'string') throw noText(text);
    return Manifests.read(name, (reader) => readDocuments(HeldText.of(name, text), reader));
  }

  private static read(source: string, read: (reader: SourceReader) => void): Manifests {
    if (typeof source !== 'string') throw noText(source);
    const reading = new ManifestReading();
    read(reading);
    if (reading.issues.length > 0) throw new InputError(reading.issues);
    return new Manifests(source, reading.workloads, reading.services, reading.policies);
  }

  /**
   * The one workload of that name, and kind if given. Of several, the one that says it is in `namespace`.
   * @throws InputError naming what there is
   */
  workload(kind: WorkloadKind | undefined, name: string, namespace?: string): Workload {
    const named = this.workloads.filter((w) => w.name === name && (kind === undefined || w.kind === kind));
    const there = named.filter((w) => w.namespace === namespace);
    const found = named.length > 1 && there.length === 1 ? there : named;
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
    const origin = Origin.capture();
    const hint = known.length > 0 ? `there are: ${known.slice(0, 20).join(', ')}` : 'nothing of the kind is in it';
    const place = { file: this.source, ...(origin ? { origin } : {}) };
    throw new InputError([{ code: 'not-one', message: `${message} in ${this.source}`, place, hint }]);
  }
}

/** Keeps what is asked for by name later: the same object may be there more than once, and its namespace may be left open. */
class ManifestReading implements SourceReader {
  readonly workloads: Workload[] = [];
  readonly services: ServiceObject[] = [];
  readonly policies: ReadPolicy[] = [];
  readonly issues: Issue[] = [];
  objects = 0;
  strays: SourceReader['strays'] = 'refused';

  issue(issue: Issue): void {
    this.issues.push(issue);
  }

  stray(place: Place): void {
    if (this.strays === 'refused') this.issue(noObject(place));
  }

  object(object: AnyObject, place: DocumentPlace): void {
    this.objects++;
    const { role } = roleOf(object);
    if (role !== 'workload' && role !== 'service' && role !== 'network-policy') return;
    const metadata = fieldsOf(object['metadata']);
    const [name, namespace] = [textOf(metadata['name']), textOf(metadata['namespace'])];
    const report = (error: FieldError) =>
      this.issue(fieldIssue(error, name ? objectToString(object.kind, undefined, name) : object.kind, place));
    if (name === '') report(required(FieldPath.root.child('metadata').child('name')));
    else if (role === 'workload') this.workloads.push(readWorkload(object, place, report));
    else if (role === 'service') this.services.push(readServiceObject(object, place, report));
    else
      this.policies.push({
        name,
        ...(namespace ? { namespace } : {}),
        object: object as unknown as NetworkPolicy,
        place,
      });
  }
}
