import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct, IConstruct } from 'constructs';
import type { Issue } from '../model/issue';
import { toYaml } from '../render/yaml';
import { objectsOf, writesWithPlainApp } from './plain-app';
import { reportLines } from './report';
import { synthesize } from './synthesizer';

/** Names the folder into which an app that `tierwall synth` runs hands over what it comes to. */
export const handoverVariable = 'TIERWALL_HANDOVER';

/** One object, ready to be laid out. */
export interface HandedDocument {
  readonly environment: string;
  readonly namespace: string;
  readonly kind: 'Namespace' | 'NetworkPolicy';
  readonly name: string;
  readonly text: string;
}

/** What one app comes to. Issues have no `Origin` any more, but file and line. */
export interface Handover {
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
  readonly asOf: string | undefined;
  /** Every environment and namespace, also where nothing but the default deny is written. */
  readonly documents: readonly HandedDocument[];
  readonly intents: number;
  readonly services: number;
}

/** Where `tierwall synth` runs the app, `app.synth()` hands over the policies instead of writing cdk8s' own files. */
export function handOverInsteadOfWriting(root: IConstruct, folder: string): void {
  (root as { synth?: () => void }).synth = () => {
    const file = join(folder, `${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(handoverOf(root as Construct)));
  };
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
  return {
    issues: issues.map(located),
    notes: reportLines(result),
    asOf: result.asOf?.day,
    documents: issues.length > 0 ? [] : documents,
    intents: program.intents.length - result.expired.length,
    services: program.services.length,
  };
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
