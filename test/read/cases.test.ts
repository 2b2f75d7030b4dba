import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCluster } from '../../lib/read/cluster';
import { casesAt } from '../support/cases';
import { problemsOfAsync } from './reading';

const realworld = casesAt('realworld');
const apps = casesAt('apps');
const recipes = casesAt('recipes');
const netpolAnalyzer = casesAt('netpol-analyzer', 'input');

const manifestsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort();

async function readEach(folder: string): Promise<{ policies: number; bad: string[] }> {
  let policies = 0;
  const bad: string[] = [];
  for (const file of manifestsIn(folder)) {
    const problems = await problemsOfAsync(async () => {
      policies += (await readCluster([file], { cwd: folder })).policies.length;
    });
    if (problems.length > 0) bad.push(file);
  }
  return { policies, bad };
}

describe.skipIf(!realworld)('policies of public repositories (skipped where ../shared/cases is absent)', () => {
  it('are read file by file, except those that hold placeholders of a test tool', async () => {
    const { policies, bad } = await readEach(realworld!);
    expect(manifestsIn(realworld!)).toHaveLength(138);
    expect(bad.map((file) => file.split('/').slice(-2).join('/'))).toEqual([
      'resources/actual-existing-resources.yaml',
      'resources/expected-resources.yaml',
    ]);
    expect(policies).toBe(150);
  });
});

describe.skipIf(!recipes)('recipes (skipped where ../shared/cases is absent)', () => {
  it('are all read', async () => {
    expect(await readEach(recipes!)).toEqual({ policies: 15, bad: [] });
  });
});

describe.skipIf(!apps)('complete applications (skipped where ../shared/cases is absent)', () => {
  it('are read file by file, except a patch that only deletes', async () => {
    const { bad } = await readEach(apps!);
    expect(bad).toEqual([
      join('online-boutique/kustomize/components/without-loadgenerator/delete-loadgenerator.patch.yaml'),
    ]);
  });

  it('as one release with its policies', async () => {
    const words = ['release', 'kustomize/components/network-policies'];
    const { workloads, services, policies, unread } = await readCluster(words, { cwd: join(apps!, 'online-boutique') });
    expect([workloads.length, services.length, policies.length, unread]).toEqual([12, 12, 13, []]);
  });

  it('as a folder', async () => {
    const { workloads, services, policies, skipped } = await readCluster(['kube-prometheus'], { cwd: apps! });
    expect([workloads.length, services.length, policies.length, skipped.size]).toEqual([6, 8, 8, 14]);
  });
});

describe.skipIf(!netpolAnalyzer)('inputs of netpol-analyzer (skipped where ../shared/cases is absent)', () => {
  it('are all read, each folder as one cluster', async () => {
    const folders = readdirSync(netpolAnalyzer!);
    const bad: string[] = [];
    for (const folder of folders) {
      bad.push(...(await problemsOfAsync(() => readCluster([folder], { cwd: netpolAnalyzer! }))));
    }
    expect(bad).toEqual([]);
    expect(folders).toHaveLength(30);
  });
});
