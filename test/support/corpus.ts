import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { Cluster } from '../../lib/model/cluster';
import type { Decision } from '../../lib/model/connection';
import { clusterOfTexts } from '../../lib/read/cluster';
import type { Protocol } from '../../lib/sets/port-set';

/**
 * A case of the project's own corpus.
 *
 * A pod is one line of labels, ports, addresses and `hostNetwork`, as in `app=web http:8080 dns:53/UDP @10.0.0.5`; the labels of a
 * namespace are written likewise. Policies are real specs by namespace and name.
 */
export interface CorpusCase {
  readonly note: string;
  readonly input: {
    readonly namespaces?: Readonly<Record<string, string>>;
    readonly pods?: Readonly<Record<string, string>>;
    readonly policies?: Readonly<Record<string, unknown>>;
    /** Any other objects. */
    readonly objects?: readonly unknown[];
    /** YAML text, where it matters how an object is written. */
    readonly manifests?: string;
  };
  /** See {@link readWant}. */
  readonly want?: readonly string[];
  /** The field for which the API server refuses each policy. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** What is expected of some ports of one connection. */
export interface Want {
  readonly source: string;
  readonly destination: string;
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
  readonly decision: Decision;
  /** Why it is unknown. */
  readonly question: string | undefined;
  /** See `profileNamed`. */
  readonly profile: string;
}

const wantLine = /^(\S+) -> (\S+) (\S+) (allowed|denied|unknown)(?: \((.+?)\))?(?: if (.+))?$/;

export function readCorpus(file: string): readonly CorpusCase[] {
  return load(readFileSync(file, 'utf8')) as CorpusCase[];
}

/**
 * Reads a line as in `shop/web -> shop/cart 80,53/UDP unknown (does …?) if calico`. `shop/web*` is another pod of the same workload; an
 * address stands for itself.
 *
 * @throws Error for any other line, and where an unknown verdict does not say why
 */
export function readWant(line: string): Want {
  const found = wantLine.exec(line);
  if (!found) throw new Error(`\`${line}\` is no expectation`);
  const [, source, destination, ports, decision, question, profile = ''] = found;
  if ((decision === 'unknown') !== (question !== undefined)) throw new Error(`\`${line}\` is to say why it is unknown`);
  const listed = ports!.split(',').map((text) => {
    const [port, protocol = 'TCP'] = text.split('/') as [string, Protocol?];
    return { protocol, port: Number(port) };
  });
  return {
    source: source!,
    destination: destination!,
    ports: listed,
    decision: decision as Decision,
    question,
    profile,
  };
}

/** Each object is a text by its own name, a pod and a policy without their kind. @throws InputError where the case is meant to be refused */
export function clusterOfCase({ input }: CorpusCase): Cluster {
  const { namespaces = {}, pods = {}, policies = {}, objects = [], manifests = '' } = input;
  const given: [string, unknown][] = [
    ...Object.entries(namespaces).map(([name, words]): [string, unknown] => [
      name,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: labelsIn(words) } },
    ]),
    ...Object.entries(pods).map(([name, words]): [string, unknown] => [name, podObject(name, words)]),
    ...Object.entries(policies).map(([name, spec]): [string, unknown] => [
      name,
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadataOf(name), spec },
    ]),
    ...objects.map((object): [string, unknown] => ['objects', object]),
  ];
  const texts = given.map(([file, object]) => ({ file, text: JSON.stringify(object) }));
  return clusterOfTexts([...texts, { file: 'manifests', text: manifests }]);
}

function metadataOf(text: string): { readonly namespace: string; readonly name: string } {
  const [namespace, name] = text.split('/') as [string, string];
  return { namespace, name };
}

function podObject(name: string, words: string) {
  const list = wordsOf(words);
  const addresses = list.filter((word) => word.startsWith('@')).map((word) => ({ ip: word.slice(1) }));
  const ports = list
    .map((word) => /^([a-z][a-z0-9-]*):(\d+)(?:\/(TCP|UDP|SCTP))?$/.exec(word))
    .filter((found) => found !== null)
    .map(([, port, number, protocol]) => ({ name: port, containerPort: Number(number), protocol: protocol ?? 'TCP' }));
  const labels = labelsIn(words);
  const hostNetwork = list.includes('hostNetwork');
  const read = addresses.length + ports.length + Object.keys(labels).length + (hostNetwork ? 1 : 0);
  if (read !== list.length) throw new Error(`\`${words}\` cannot be read as a pod`);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadataOf(name), labels },
    spec: { hostNetwork, containers: [{ name: 'c', image: 'c', ports }] },
    status: { podIPs: addresses },
  };
}

function labelsIn(words: string): Readonly<Record<string, string>> {
  const labels = wordsOf(words).filter((word) => word.includes('='));
  return Object.fromEntries(labels.map((word) => word.split('=') as [string, string]));
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
