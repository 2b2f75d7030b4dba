import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workloadToString } from '../../lib/model/cluster';
import { InputError, type Issue } from '../../lib/model/issue';
import { type CorpusCase, clusterOfCase, readCorpus, readWant, type Want } from '../support/corpus';
import { Engines, type Party } from '../support/engines';
import { profileNamed } from '../support/profile';

const files = readdirSync(__dirname).filter((file) => file.endsWith('.yaml'));
const cases = files.flatMap((file) => readCorpus(join(__dirname, file)).map((c) => [file, c.note, c] as const));

/** One engine's word on one port, written as the corpus writes it. */
function sentence({ source, destination, profile }: Want, port: string, decision: string): string {
  return `${source} -> ${destination} ${port} ${decision}${profile && ` if ${profile}`}`;
}

function partyOf(engines: Engines, replicas: ReadonlyMap<string, Party>, name: string): Party {
  if (!name.includes('/')) return engines.address(name);
  return name.endsWith('*') ? replicas.get(name.slice(0, -1))! : engines.pod(name);
}

function check({ want = [] }: CorpusCase, cluster: ReturnType<typeof clusterOfCase>): void {
  const wants = want.map(readWant);
  for (const profile of new Set(wants.map((w) => w.profile))) {
    const engines = new Engines(cluster, profileNamed(profile));
    const replicas = new Map(cluster.workloads.map((w) => [workloadToString(w), engines.podOf(w)]));
    for (const line of wants.filter((w) => w.profile === profile)) {
      const [source, destination] = [line.source, line.destination].map((name) => partyOf(engines, replicas, name));
      for (const { protocol, port } of line.ports) {
        const said = (decision: string) => sentence(line, `${port}/${protocol}`, decision);
        for (const [engine, decision] of Object.entries(engines.answers(source!, destination!, protocol, port))) {
          expect({ engine, says: said(decision) }).toEqual({ engine, says: said(line.decision) });
        }
        const { doubts } = engines.verdict(source!, destination!, protocol, port);
        const questions = [...new Set(doubts.map(({ question }) => question))];
        expect({ of: said('unknown'), questions }).toEqual({
          of: said('unknown'),
          questions: line.question === undefined ? [] : [line.question],
        });
      }
    }
  }
}

describe('the corpus of meanings', () => {
  test('states in every file what is allowed and what is not', () => {
    for (const file of files) {
      const wants = cases.filter(([name]) => name === file).flatMap(([, , { want = [] }]) => want.map(readWant));
      for (const decision of ['allowed', 'denied']) {
        expect({ file, decision, count: wants.filter((w) => w.decision === decision).length }).toEqual({
          file,
          decision,
          count: expect.toSatisfy((count: number) => count > 0),
        });
      }
    }
  });

  test('names each case once', () => {
    expect(new Set(cases.map(([, note]) => note)).size).toBe(cases.length);
  });

  test.for(cases)('%s: %s', ([, , given]) => {
    if (!given.refused) {
      expect(given.want).not.toEqual([]);
      check(given, clusterOfCase(given));
      return;
    }
    let issues: readonly Issue[] = [];
    try {
      clusterOfCase(given);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues = error.issues;
    }
    const refused = issues.map(({ place }) => [place.file, place.field]);
    expect(refused).toEqual(Object.entries(given.refused));
  });
});
