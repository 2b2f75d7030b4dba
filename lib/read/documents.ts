import { loadAll, YAMLException } from 'js-yaml';
import type { Issue } from '../model/issue';

export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const longestText = 64 * 1024 * 1024;
const deepestNesting = 200;
const mostAliases = 1000;

/** The objects of a YAML or JSON text: many documents, `List`s opened, empty documents left out; and what is wrong with it. */
export function readDocuments(text: string, file: string): { objects: KubernetesObject[]; issues: Issue[] } {
  const refused = guard(text, file);
  if (refused) return { objects: [], issues: [refused] };
  let documents: unknown[];
  try {
    documents = loadAll(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof YAMLException) && !(error instanceof RangeError)) throw error;
    const reason = error instanceof YAMLException ? error.reason : 'the document is nested too deeply';
    const line = error instanceof YAMLException && error.mark ? { line: error.mark.line + 1 } : {};
    const hint = text.includes('{{') ? 'render the template first, as with `helm template`' : 'correct the YAML';
    return { objects: [], issues: [{ code: 'bad-yaml', message: reason, place: { file, ...line }, hint }] };
  }
  const objects: KubernetesObject[] = [];
  const issues: Issue[] = [];
  for (const [i, document] of documents.entries()) collect(document, `document ${i + 1}`, file, objects, issues);
  return { objects, issues };
}

function collect(value: unknown, field: string, file: string, objects: KubernetesObject[], issues: Issue[]): void {
  if (value === null || value === undefined) return;
  const report = (message: string, hint: string) =>
    issues.push({ code: 'bad-object', message, place: { file, field }, hint });
  if (typeof value !== 'object' || Array.isArray(value)) {
    report('this is no Kubernetes object', 'an object has apiVersion, kind and metadata');
    return;
  }
  const { kind, items, metadata } = value as Record<string, unknown>;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    for (const [i, item] of items.entries()) collect(item, `${field} items[${i}]`, file, objects, issues);
  } else if (typeof kind !== 'string' || kind === '') {
    report('`kind` is missing', 'an object has apiVersion, kind and metadata');
  } else if (
    typeof metadata === 'object' &&
    metadata !== null &&
    typeof (metadata as { name?: unknown }).name === 'string'
  ) {
    objects.push(value as KubernetesObject);
  } else if (kind !== 'Kustomization' && kind !== 'Component') {
    report(`\`metadata.name\` of a ${kind} is missing`, 'give it a name');
  }
}

/** Refuses what could take unbounded time or memory, before it is parsed. */
function guard(text: string, file: string): Issue | undefined {
  const refuse = (message: string, hint: string): Issue => ({ code: 'refused', message, place: { file }, hint });
  if (text.length > longestText) return refuse(`the text is longer than ${longestText} characters`, 'split it');
  if (text.includes('\0')) return refuse('the file is binary', 'leave it out');
  if ((text.match(/(^|[\s,[{-])\*[^\s,\]}]+/g)?.length ?? 0) > mostAliases) {
    return refuse(`the text has more than ${mostAliases} aliases`, 'write the values out');
  }
  return nestsTooDeeply(text)
    ? refuse(`the text nests more than ${deepestNesting} levels`, 'no Kubernetes object does')
    : undefined;
}

function nestsTooDeeply(text: string): boolean {
  let flow = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++flow);
    else if (c === 0x5d || c === 0x7d) flow = Math.max(0, flow - 1);
  }
  const dashes = /^[ \t]*(?:- ){200}/m.test(text);
  const indent = /^[ ]{400}\S/m.test(text) && /^[ ]{398,400}[\w'"]+:/m.test(text);
  return deepest > deepestNesting || dashes || indent;
}
