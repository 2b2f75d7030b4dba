import { isDeepStrictEqual } from 'node:util';
import type { Cluster, Exposure, KnownNamespace, PlacedWorkload, UnreadPolicy } from '../model/cluster';
import { InputError, type Issue, placeToString } from '../model/issue';
import type { DocumentPlace, Policy } from '../model/policy';
import { namespaceNameKey } from '../model/selector';
import type { ServiceObject } from '../model/service-object';
import { type FieldError, type Report, required } from '../validation/field-error';
import { FieldPath } from '../validation/field-path';
import { fieldsOf, textOf } from '../validation/json-value';
import { validateNamespace } from '../validation/namespace';
import { digestOf } from './content-digest';
import { type AnyObject, noObject, type ObjectReader } from './documents';
import { readExposure } from './exposure';
import { Field } from './field';
import { fieldIssue, objectToString } from './field-issue';
import { type IgnoreComment, ignoreComments, mayHoldComments } from './ignore-comments';
import { KeptPlace } from './kept-place';
import type { Kustomization } from './kustomization';
import { Kustomizations } from './kustomizations';
import { networkPolicyErrors, readNetworkPolicy } from './network-policy';
import { type ChunkPlace, ObjectPlace } from './object-place';
import { groupOf, misspelledKind, type ObjectRole, roleOf } from './object-role';
import { withoutOwned } from './owners';
import { ReadAgain } from './read-again';
import { readServiceObject } from './service-object';
import { readWorkload } from './workload';

/** How what is no Kubernetes object at all is counted, where it is left out. */
const strayName = 'no apiVersion and kind';

/** Nobody reads more problems than these, and a text can be made to have millions; the others are counted. */
const mostIssues = 10_000;

interface Identity {
  readonly namespace: string;
  readonly name: string;
}

interface Given {
  readonly place: DocumentPlace;
  /** Only of an object that has no text to read it from again. */
  readonly object: AnyObject | undefined;
}

/** An object as it was written, with what the API server says against it. Kept only where it is asked for, since it takes memory. */
export interface ReadObject {
  readonly kind: string;
  /** Undefined for what is in no namespace. */
  readonly namespace: string | undefined;
  /** Empty where it has none. */
  readonly name: string;
  /** Of a workload no more than apiVersion, kind and metadata. */
  readonly object: AnyObject;
  readonly place: DocumentPlace;
  /** Of a NetworkPolicy only what is wrong with its identity: all else is found by validating `object`. */
  readonly errors: FieldError[];
  /** What validating a NetworkPolicy found; undefined where that was not read, as one that is given twice. */
  validation?: readonly FieldError[];
}

/** Makes a cluster of objects that are handed to it one by one, and keeps none of them. */
export class ClusterReading implements ObjectReader<DocumentPlace> {
  readonly issues: Issue[] = [];
  /** How many objects there were, also of kinds that say nothing. */
  objects = 0;
  /** Whether documents that are no objects are left out, as among many files, or reported, as where just that text was named. */
  strays: 'skipped' | 'refused' = 'refused';
  /** Of objects that name none. */
  namespace = 'default';

  /** Undefined where objects are not kept. */
  readonly kept: ReadObject[] | undefined;
  /** Comments that accept findings, where objects are kept. */
  readonly comments: IgnoreComment[] = [];
  readonly kustomizations = new Kustomizations();

  private readonly namespaces = new Map<string, KnownNamespace>();
  private readonly workloads: PlacedWorkload[] = [];
  private readonly services: (ServiceObject & { readonly namespace: string })[] = [];
  private readonly exposures: Exposure[] = [];
  private readonly policies: Policy[] = [];
  private readonly unread: UnreadPolicy[] = [];
  private readonly skipped = new Map<string, number>();
  private readonly seen = new Map<string, Given>();
  private readonly again = new ReadAgain();
  private moreIssues = 0;

  constructor({ objects = 'dropped' }: { readonly objects?: 'dropped' | 'kept' } = {}) {
    if (objects === 'kept') this.kept = [];
  }

  issue(issue: Issue): void {
    if (this.issues.length < mostIssues) this.issues.push(issue);
    else this.moreIssues++;
  }

  stray(place: DocumentPlace): void {
    if (this.strays === 'skipped') this.skip(strayName);
    else this.issue(noObject(place));
  }

  kustomization(found: Kustomization): void {
    this.kustomizations.add(found);
  }

  patch({ kind }: AnyObject, place: DocumentPlace): void {
    // Where all problems are gathered, it is one with the kustomization that applies it.
    if (this.kept) return;
    const message = `this is a patch of a ${kind}, which kustomize merges into the whole of it`;
    this.issue({ code: 'unrendered-template', message, place, hint: 'render it first, as with `kustomize build`' });
  }

  chunk(chunk: ChunkPlace, bytes: Buffer): void {
    if (this.kept && mayHoldComments(bytes)) this.comments.push(...ignoreComments(chunk));
  }

  object(object: AnyObject, place: DocumentPlace): void {
    this.objects++;
    const role = roleOf(object);
    if (role.role === 'none') {
      const meant = misspelledKind(object);
      if (meant !== undefined) this.noSuchKind(object, meant, place);
      this.skip(`${textOf(object['apiVersion'])} ${object.kind}`.trim());
      return;
    }
    const identity = this.identify(object, role, place);
    if (!identity) return;
    if (role.role !== 'unread') this.keep(object, role, identity, place, []);
    if (this.isNew(object, role, identity, place)) this.read(object, role, identity, place);
  }

  /** @throws InputError with every problem */
  finish(): Cluster {
    if (this.moreIssues > 0) {
      const message = `there are ${this.moreIssues.toLocaleString('en-US')} more problems`;
      this.issues.push({ code: 'refused', message, place: {}, hint: 'correct these first' });
    }
    if (this.issues.length > 0) throw new InputError(this.issues);
    return this.finishReadable();
  }

  /** What could be read, whatever there were problems with. */
  finishReadable(): Cluster {
    const workloads = withoutOwned(this.workloads, () => askedKeys(this.policies));
    const placed = [workloads, this.services, this.exposures, this.policies, this.unread].flat();
    for (const { namespace } of placed) {
      if (namespace !== undefined && !this.namespaces.has(namespace)) {
        const labels = { [namespaceNameKey]: namespace };
        this.namespaces.set(namespace, { name: namespace, labels, source: 'assumed' });
      }
    }
    return {
      namespaces: [...this.namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      workloads,
      services: this.services,
      exposures: this.exposures,
      policies: this.policies,
      unread: this.unread,
      skipped: this.skipped,
    };
  }

  private read(object: AnyObject, role: ObjectRole, identity: Identity, place: DocumentPlace): void {
    const { namespace } = identity;
    const report = this.reporter(object.kind, role.role === 'namespace' ? undefined : namespace, identity.name, place);
    switch (role.role) {
      case 'workload':
        this.workloads.push({ ...readWorkload(object, place, report), namespace });
        break;
      case 'service':
        this.services.push({ ...readServiceObject(object, place, report), namespace });
        break;
      case 'namespace':
        this.readNamespace(object, identity.name, place, report);
        break;
      case 'network-policy':
        this.readPolicy(object, identity, place, report);
        break;
      case 'exposure':
        this.exposures.push(readExposure(object, role.kind, identity, place, report));
        break;
      case 'unread':
        this.unread.push({
          kind: object.kind,
          name: identity.name,
          namespace: role.scope === 'namespace' ? namespace : undefined,
          content: unreadContent(object, namespace),
          place,
        });
        break;
    }
  }

  private noSuchKind({ apiVersion, kind }: AnyObject, meant: string, place: DocumentPlace): void {
    const message = `\`${apiVersion}\` has no kind \`${kind}\``;
    this.issue({ code: 'bad-object', message, place: place.at('kind'), hint: `write \`${meant}\`` });
  }

  private readNamespace(object: AnyObject, name: string, place: DocumentPlace, report: Report): void {
    validateNamespace(object).forEach(report);
    const labels = Field.of(object, () => {})
      .child('metadata')
      .child('labels')
      .texts();
    this.namespaces.set(name, { name, labels: { ...labels, [namespaceNameKey]: name }, source: 'given', place });
  }

  private readPolicy(object: AnyObject, identity: Identity, place: DocumentPlace, report: Report): void {
    const { apiVersion } = object;
    if (apiVersion !== undefined && apiVersion !== 'networking.k8s.io/v1') {
      const message = `${objectToString('NetworkPolicy', identity.namespace, identity.name)}: \`${apiVersion}\` is no version that Kubernetes still serves`;
      const hint = 'write `networking.k8s.io/v1`, and see that its fields mean the same there';
      this.issue({ code: 'old-version', message, place: place.at('apiVersion'), hint });
      return;
    }
    const errors = networkPolicyErrors(object);
    const kept = this.kept?.at(-1);
    if (kept) kept.validation = errors;
    const policy = readNetworkPolicy(object, identity, place, report, errors);
    if (policy) this.policies.push(policy);
  }

  /** The object's namespace and name; undefined if the lack of them is reported. */
  private identify(object: AnyObject, role: ObjectRole, place: DocumentPlace): Identity | undefined {
    const before = this.issues.length;
    const errors: FieldError[] = [];
    const metadata = Field.of(object, (error) => errors.push(error)).child('metadata');
    const name = metadata.child('name').text() || metadata.child('generateName').text() || '';
    const namespace = metadata.child('namespace').text() || this.namespace;
    if (name === '') errors.push(required(metadata.path.child('name')));
    if (groupOf(object['apiVersion']) === undefined) errors.push(required(FieldPath.root.child('apiVersion')));
    const shown =
      name === '' ? object.kind : objectToString(object.kind, inNamespace(role) ? namespace : undefined, name);
    for (const error of errors) this.issue(fieldIssue(error, shown, place));
    if (errors.length > 0) this.keep(object, role, { namespace, name }, place, errors);
    return this.issues.length === before ? { namespace, name } : undefined;
  }

  /** Whether no object of that kind and name was given before; one that says something else is reported. */
  private isNew(object: AnyObject, role: ObjectRole, { namespace, name }: Identity, place: DocumentPlace): boolean {
    // Only a name that the API server makes up is not taken twice.
    if (fieldsOf(object['metadata'])['name'] !== name) return true;
    const owner = inNamespace(role) ? namespace : undefined;
    const key = [role.role === 'unread' ? groupOf(object['apiVersion']) : '', object.kind, owner, name].join('\0');
    const given = this.seen.get(key);
    if (!given) {
      this.seen.set(key, {
        place,
        object: place instanceof ObjectPlace || place instanceof KeptPlace ? undefined : object,
      });
      return true;
    }
    const areApart = () => this.kept && this.kustomizations.areApart(given.place.file, place.file);
    if (!this.isSame(given, object) && !areApart()) {
      const message = `${objectToString(object.kind, owner, name)} is given twice, with different content: also at ${placeToString(given.place)}`;
      const hint = 'leave one of them out; overlays are rendered first, as with `kustomize build`';
      this.issue({ code: 'given-twice', message, place, hint });
    }
    return false;
  }

  private isSame({ place, object: first }: Given, object: AnyObject): boolean {
    if (place instanceof ObjectPlace) return this.again.holds(place, object);
    return isDeepStrictEqual(place instanceof KeptPlace ? place.object : first, object);
  }

  /** Reports what is wrong with an object; each problem once, though more than one reader may find it. */
  private reporter(kind: string, namespace: string | undefined, name: string, place: DocumentPlace): Report {
    const before = this.issues.length;
    const kept = this.kept?.at(-1);
    return (error) => {
      if (kind !== 'NetworkPolicy') kept?.errors.push(error);
      const issue = fieldIssue(error, objectToString(kind, namespace, name), place);
      const same = (other: Issue) => other.message === issue.message && other.place.field === issue.place.field;
      if (!this.issues.slice(before).some(same)) this.issue(issue);
    };
  }

  private keep(
    object: AnyObject,
    role: ObjectRole,
    { namespace, name }: Identity,
    place: DocumentPlace,
    errors: FieldError[],
  ): void {
    this.kept?.push({
      kind: object.kind,
      namespace: inNamespace(role) ? namespace : undefined,
      name,
      object: role.role === 'workload' ? headOf(object) : object,
      place,
      errors,
    });
  }

  private skip(what: string): void {
    this.skipped.set(what, (this.skipped.get(what) ?? 0) + 1);
  }
}

/** What rules ask of a workload beside what was read of it: all of it would take memory where there are many. */
function headOf({ apiVersion, kind, metadata }: AnyObject): AnyObject {
  return { apiVersion, kind, metadata };
}

/** All that a policy says but for its status and most of its metadata, which decide nothing. */
function unreadContent({ metadata: _metadata, status: _status, ...fields }: AnyObject, namespace: string): string {
  return digestOf({ ...fields, namespace });
}

/** The label keys of pods that policies ask for. */
function askedKeys(policies: readonly Policy[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { pods, rules } of policies) {
    for (const key of pods.keys) keys.add(key);
    for (const peer of rules.flatMap(({ peers }) => peers)) {
      if (peer.kind === 'pods') for (const key of peer.pods.keys) keys.add(key);
    }
  }
  return keys;
}

function inNamespace(role: ObjectRole): boolean {
  return role.role !== 'namespace' && !(role.role === 'unread' && role.scope === 'cluster');
}
