import { forbidden, invalid, type Report, required, tooLong } from './field-error';
import { FieldPath } from './field-path';
import { fieldsOf, itemsOf, textOf } from './json-value';
import { checkLabels, checkText } from './label-selector';
import { dnsLabel, qualifiedName, type TextFormat } from './text-format';

/** Keys and values of all annotations together, in bytes. */
const maximumAnnotations = 262_144;

const metadataPath = FieldPath.root.child('metadata');
const paths = {
  name: metadataPath.child('name'),
  generateName: metadataPath.child('generateName'),
  namespace: metadataPath.child('namespace'),
  uid: metadataPath.child('uid'),
  resourceVersion: metadataPath.child('resourceVersion'),
  labels: metadataPath.child('labels'),
  annotations: metadataPath.child('annotations'),
  ownerReferences: metadataPath.child('ownerReferences'),
  finalizers: metadataPath.child('finalizers'),
};

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

export interface MetadataRules {
  readonly name: TextFormat;
  readonly scope: 'namespaced' | 'cluster';
}

/**
 * The rules for `metadata` of an object that is created or replaced. A namespaced object must name its namespace, although
 * `kubectl` would fill it in.
 *
 * Not checked is what the API server writes itself, whatever is given: generation, timestamps and managedFields.
 */
export function checkMetadata(metadata: unknown, { name, scope }: MetadataRules, report: Report): void {
  const fields = fieldsOf(metadata);
  checkName(textOf(fields.name), textOf(fields.generateName), name, report);
  checkNamespace(textOf(fields.namespace), scope, report);
  checkLabels(fields.labels, paths.labels, report);
  checkAnnotations(fields.annotations, report);
  checkOwners(itemsOf(fields.ownerReferences), report);
  checkFinalizers(itemsOf(fields.finalizers).map(textOf), report);
}

/** The rules for `metadata` that replaces stored metadata, besides those of `checkMetadata`. */
export function checkMetadataUpdate(metadata: unknown, old: unknown, report: Report): void {
  const fields = fieldsOf(metadata);
  const stored = fieldsOf(old);
  if (textOf(fields.resourceVersion) === '') {
    report(invalid(paths.resourceVersion, '', 'must be specified for an update'));
  }
  for (const field of ['name', 'namespace', 'uid'] as const) {
    // The API server fills in an absent uid from the stored object.
    const optional = field === 'uid' && textOf(fields.uid) === '';
    if (!optional && textOf(fields[field]) !== textOf(stored[field])) {
      report(invalid(paths[field], textOf(fields[field]), 'field is immutable'));
    }
  }
}

/** A finalizer without a domain must be one of the API server's own. */
export function checkStandardFinalizer(finalizer: string, path: FieldPath, report: Report): void {
  if (!finalizer.includes('/') && !standardFinalizers.includes(finalizer)) {
    report(invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
  }
}

function checkName(name: string, generateName: string, format: TextFormat, report: Report): void {
  // A generated name goes on after the last dash; Go replaces its last two characters by an `a`, and so must we.
  const prefix = generateName.length > 1 && generateName.endsWith('-') ? `${generateName.slice(0, -2)}a` : generateName;
  for (const message of prefix === '' ? [] : format(prefix)) {
    report(invalid(paths.generateName, generateName, message));
  }
  if (name === '' && generateName === '') {
    report(required(paths.name, 'name or generateName is required'));
  } else {
    checkText(name || generatedName(generateName), format, paths.name, report);
  }
}

/** One of the names that the API server may make, whose last five characters it draws. */
function generatedName(generateName: string): string {
  return `${generateName.slice(0, 58)}bcdfg`;
}

function checkNamespace(namespace: string, scope: MetadataRules['scope'], report: Report): void {
  if (scope === 'namespaced' && namespace === '') {
    report(required(paths.namespace));
  } else if (scope === 'namespaced') {
    checkText(namespace, dnsLabel, paths.namespace, report);
  } else if (namespace !== '') {
    report(forbidden(paths.namespace, 'not allowed on this type'));
  }
}

function checkAnnotations(annotations: unknown, report: Report): void {
  const fields = fieldsOf(annotations);
  let bytes = 0;
  for (const key of Object.keys(fields)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(textOf(fields[key]));
    for (const message of qualifiedName(key.toLowerCase())) {
      report(invalid(paths.annotations, key, message));
    }
  }
  if (bytes > maximumAnnotations) {
    report(tooLong(paths.annotations, maximumAnnotations));
  }
}

function checkFinalizers(finalizers: readonly string[], report: Report): void {
  finalizers.forEach((finalizer, i) => {
    checkText(finalizer, qualifiedName, paths.finalizers, report);
    checkStandardFinalizer(finalizer, paths.finalizers.index(i), report);
  });
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    report(invalid(paths.finalizers, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

function checkOwners(given: readonly unknown[], report: Report): void {
  const owners = withoutRepetitions(given);
  for (const owner of owners) {
    const { apiVersion, kind, name, uid } = fieldsOf(owner);
    const version = textOf(apiVersion).split('/');
    if (version.length > 2 || version.at(-1) === '') {
      report(invalid(paths.ownerReferences.child('apiVersion'), textOf(apiVersion), 'version must not be empty'));
    }
    for (const [field, value] of Object.entries({ kind, name, uid })) {
      if (textOf(value) === '') {
        report(invalid(paths.ownerReferences.child(field), '', 'must not be empty'));
      }
    }
  }
  const [first, ...others] = owners
    .map(fieldsOf)
    .filter(({ controller }) => controller === true)
    .map(ownerName);
  for (const other of others) {
    const found = `Found "true" in references for ${first} and ${other}`;
    report(invalid(paths.ownerReferences, undefined, `Only one reference can have Controller set to true. ${found}`));
  }
}

/** The API server drops a reference that says all that another one says, and warns. */
function withoutRepetitions(owners: readonly unknown[]): readonly unknown[] {
  return [...new Map(owners.map((owner) => [JSON.stringify(ownerTexts(owner)), owner])).values()];
}

function ownerTexts(owner: unknown): readonly unknown[] {
  const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = fieldsOf(owner);
  return [...[apiVersion, kind, name, uid].map(textOf), controller, blockOwnerDeletion];
}

function ownerName({ kind, name }: Readonly<Record<string, unknown>>): string {
  return `${textOf(kind)}/${textOf(name)}`;
}
