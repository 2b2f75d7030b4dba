import { load } from 'js-yaml';
import type { Files } from './layout';

/** A namespace whose default deny is in the old output and not in the new: its pods become open in both directions. */
export interface LostIsolation {
  /** As `production/shop`. */
  readonly namespace: string;
  /** Names of the policies that go with it. */
  readonly policies: readonly string[];
}

export function lostIsolation(before: Files, after: Files): LostIsolation[] {
  const lost = [...namespacesDenied(before)].filter(([namespace]) => !namespacesDenied(after).has(namespace));
  return lost.map(([namespace]) => ({
    namespace,
    policies: [...before.keys()]
      .filter((path) => path.startsWith(`${namespace}/`) && !after.has(path))
      .map((path) => path.slice(namespace.length + 1).replace(/\.yaml$/, ''))
      .filter((name) => name !== 'kustomization' && name !== 'namespace'),
  }));
}

function namespacesDenied(files: Files): Map<string, string> {
  const denied = new Map<string, string>();
  for (const [path, text] of files) {
    // Only a default deny selects every pod, so the rest need not be parsed.
    if (!text.includes('podSelector: {}')) continue;
    const object = load(text) as {
      kind?: string;
      spec?: { podSelector?: object; ingress?: unknown; egress?: unknown };
    };
    const whole = object.kind === 'NetworkPolicy' && Object.keys(object.spec?.podSelector ?? { a: 1 }).length === 0;
    if (whole && !object.spec?.ingress && !object.spec?.egress) denied.set(path.split('/').slice(0, 2).join('/'), path);
  }
  return denied;
}
