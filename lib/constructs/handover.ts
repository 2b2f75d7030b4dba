import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct, IConstruct } from 'constructs';
import { InputError, type Issue } from '../model/issue';
import type { EnvironmentModel } from '../model/program';
import { clusterOfTexts } from '../read/cluster';
import { toYaml } from '../render/yaml';
import { type HandedDocument, type Handover, sourceVariable } from './handed-over';
import { sourceOf } from './handed-source';
import { objectsOf, writesWithPlainApp } from './plain-app';
import { proveEmitted } from './proof';
import { type ProveRequest, proveFolder, proveVariable } from './prove-app';
import { reportLines } from './report';
import { synthesize } from './synthesizer';

/** Where `tierwall` runs the app, `app.synth()` hands over the policies instead of writing cdk8s' own files, or proves those that exist. */
export function handOverInsteadOfWriting(root: IConstruct, folder: string): void {
  const construct = root as Construct;
  (root as { synth?: () => void }).synth = () => {
    const request = process.env[proveVariable];
    const source = process.env[sourceVariable] ? ({ source: 'asked' } as const) : {};
    if (request === undefined) write(folder, handoverOf(construct, source));
    else void handOverProof(construct, folder, JSON.parse(request) as ProveRequest);
  };
}

/** Reading takes a while: the app stays alive until it is done. */
async function handOverProof(root: Construct, folder: string, request: ProveRequest): Promise<void> {
  try {
    const { issues, ...proved } = await proveFolder(root, request);
    write(folder, { ...nothing, proved: { ...proved, issues: issues.map(located) } });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    write(folder, { ...nothing, issues: error.issues.map(located) });
  }
}

const nothing: Handover = {
  issues: [],
  notes: [],
  asOf: undefined,
  timeBoxes: [],
  documents: [],
  intents: 0,
  services: 0,
  proof: undefined,
};

function write(folder: string, handover: Handover): void {
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(handover));
}

/**
 * Hands over a mistake that ends the app, such as a manifest that cannot be read, like those that are found at its end. Other errors
 * end it as they always do.
 */
export function handOverThrown(folder: string): void {
  process.once('uncaughtExceptionMonitor', (error) => {
    if (!(error instanceof InputError)) return;
    write(folder, { ...nothing, issues: error.issues.map(located) });
    process.exit(0);
  });
}

/** @param options `source`: whether a {@link HandedSource} is handed over too. @default not */
export function handoverOf(root: Construct, options: { readonly source?: 'asked' } = {}): Handover {
  const result = synthesize(root);
  const issues = [...result.issues, ...otherValidations(root)];
  const documents = result.namespaces.flatMap((compiled) =>
    objectsOf(compiled).map((object) => ({
      environment: compiled.namespace.environment.name,
      namespace: compiled.namespace.name,
      kind: object.kind,
      name: object.metadata.name,
      text: toYaml(object),
      applied: object === compiled.defaultDeny ? ('last' as const) : ('first' as const),
    })),
  );
  const { program } = result;
  const read = ({ name }: EnvironmentModel) => readBack(name, documents);
  const proof = issues.length > 0 ? undefined : proveEmitted(result, read);
  issues.push(...(proof?.issues ?? []));
  return {
    issues: issues.map(located),
    notes: reportLines(result),
    asOf: result.asOf?.day,
    timeBoxes: result.active.flatMap(({ path, until, origin }) =>
      until === undefined ? [] : [{ path, until, place: `${origin ?? path}` }],
    ),
    documents: issues.length > 0 ? [] : documents,
    intents: result.active.length - result.twice.length,
    services: program.services.length,
    proof: proof?.summary,
    ...(options.source === 'asked' && issues.length === 0 ? { source: sourceOf(result, read) } : {}),
  };
}

/** The policies of an environment as anybody reads them from the text that is written: in one stream, which is quicker than one by one. */
function readBack(environment: string, documents: readonly HandedDocument[]) {
  const own = documents.filter((document) => document.environment === environment && document.kind === 'NetworkPolicy');
  const text = own.map((document) => document.text).join('---\n');
  return clusterOfTexts([{ file: `what is written for ${environment}`, text }]).policies;
}

/** What the user's own constructs say about themselves, as cdk8s would ask them. */
function otherValidations(root: Construct): Issue[] {
  return root.node
    .findAll()
    .filter((construct) => !writesWithPlainApp(construct))
    .flatMap((construct) =>
      construct.node
        .validate()
        .map((message) => ({ code: 'validation', message, place: { construct: construct.node.path } })),
    );
}

function located(issue: Issue): Issue {
  const { origin, ...place } = issue.place;
  if (!origin) return issue;
  const [, file = '', line] = /^(.*):(\d+)$/.exec(origin.toString()) ?? [];
  return { ...issue, place: { ...place, file, line: Number(line) } };
}
