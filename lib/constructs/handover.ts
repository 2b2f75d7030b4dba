import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct, IConstruct } from 'constructs';
import { InputError, type Issue } from '../model/issue';
import { clusterOfTexts } from '../read/cluster';
import { toYaml } from '../render/yaml';
import type { HandedDocument, Handover } from './handed-over';
import { objectsOf, writesWithPlainApp } from './plain-app';
import { proveEmitted } from './proof';
import { reportLines } from './report';
import { synthesize } from './synthesizer';

/** Where `tierwall synth` runs the app, `app.synth()` hands over the policies instead of writing cdk8s' own files. */
export function handOverInsteadOfWriting(root: IConstruct, folder: string): void {
  (root as { synth?: () => void }).synth = () => {
    const file = join(folder, `${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(handoverOf(root as Construct)));
  };
}

/**
 * Hands over a mistake that ends the app, such as a manifest that cannot be read, like those that are found at its end. Other errors
 * end it as they always do.
 */
export function handOverThrown(folder: string): void {
  process.once('uncaughtException', (error) => {
    if (!(error instanceof InputError)) {
      setImmediate(() => {
        throw error;
      });
      return;
    }
    const issues = error.issues.map(located);
    const nothing = { notes: [], asOf: undefined, documents: [], intents: 0, services: 0, proof: undefined };
    const handover: Handover = { issues, ...nothing };
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(handover));
    process.exit(0);
  });
}

export function handoverOf(root: Construct): Handover {
  const result = synthesize(root);
  const issues = [...result.issues, ...otherValidations(root)];
  const documents = result.namespaces.flatMap((compiled) =>
    objectsOf(compiled).map((object) => ({
      environment: compiled.namespace.environment.name,
      namespace: compiled.namespace.name,
      kind: object.kind,
      name: object.metadata.name,
      text: toYaml(object),
    })),
  );
  const { program } = result;
  const proof = issues.length > 0 ? undefined : proveEmitted(result, ({ name }) => readBack(name, documents));
  issues.push(...(proof?.issues ?? []));
  return {
    issues: issues.map(located),
    notes: reportLines(result),
    asOf: result.asOf?.day,
    documents: issues.length > 0 ? [] : documents,
    intents: program.intents.length - result.expired.length,
    services: program.services.length,
    proof: proof?.summary,
  };
}

/** The policies of an environment as anybody reads them from the text that is written. */
function readBack(environment: string, documents: readonly HandedDocument[]) {
  const own = documents.filter((document) => document.environment === environment && document.kind === 'NetworkPolicy');
  const file = ({ namespace, name }: HandedDocument) => `${environment}/${namespace}/${name}.yaml`;
  return clusterOfTexts(own.map((document) => ({ file: file(document), text: document.text }))).policies;
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
