import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Cluster, PlacedWorkload } from '../../lib/model/cluster';
import { clusterOfTexts } from '../../lib/read/cluster';
import { casesAt } from './cases';
import { ConnectionList } from './connection-list';
import { profileWith } from './profile';

/**
 * That analyser's reading: an ipBlock never selects pods, and pods of the host network are pods like others. It does not count traffic
 * from a pod's own node, so what is certain is compared.
 */
export const analyserProfile = profileWith({
  ipBlockMatchesPods: 'no',
  ipBlockMatchesNodes: 'no',
  selectsHostNetworkPods: 'yes',
});

/** What inputs say that no API server takes, and how that analyser understands it. */
const corrections: Readonly<Record<string, readonly { readonly given: string; readonly meant: string }[]>> = {
  // No object has an underscore in its name; an owner has a kind, and one without is listed as a Pod.
  example_pods_w_same_owner_and_labels_gap_with_good_match_expression: [
    { given: 'name: use_common_labels_same_values', meant: 'name: use-common-labels-same-values' },
    { given: '- name: internal-security', meant: '- kind: Pod\n      name: internal-security' },
  ],
  example_pods_w_same_owner_and_labels_gap_with_policy_selector_not_in_gap: [
    { given: 'name: use_common_labels_same_values', meant: 'name: use-common-labels-same-values' },
    { given: '- name: internal-security', meant: '- kind: Pod\n      name: internal-security' },
  ],
  // It reads the names of fields in any case, as Go does.
  netpol_named_port_test_2: [{ given: 'containerport: 3535', meant: 'containerPort: 3535' }],
};

export const analyserFolder = casesAt('netpol-analyzer');

export function clusterIn(name: string): Cluster {
  const path = join(analyserFolder!, 'input', name);
  // Results of that analyser lie beside the manifests.
  const files = readdirSync(path).filter((file) => /\.(?:ya?ml|json)$/.test(file) && !file.includes('output'));
  const fixes = corrections[name] ?? [];
  const used = new Set<string>();
  const texts = files.map((file) => {
    let text = readFileSync(join(path, file), 'utf8');
    for (const { given, meant } of fixes) {
      if (text.includes(given)) used.add(given);
      text = text.replaceAll(given, meant);
    }
    return { file, text };
  });
  expect(used.size).toBe(fixes.length);
  return clusterOfTexts(texts);
}

/** Pods are listed as what made them, as in `demo/bank[DaemonSet]`; those that a node made, as themselves. */
export function nameOf({ namespace, name, kind, owner }: PlacedWorkload): string {
  const listed = owner && owner.kind !== 'Node' ? owner : { name, kind };
  return `${namespace}/${listed.name}[${listed.kind}]`;
}

/** What that analyser's list of differences says of both sides. */
export function expectedDifference(file: string): { readonly before: ConnectionList; readonly after: ConnectionList } {
  const [before, after] = [new ConnectionList(), new ConnectionList()];
  for (const line of linesOf(readFileSync(join(analyserFolder!, file), 'utf8')).slice(1)) {
    const [, source, destination, was, is] =
      /^diff-type: \w+, source: (.+), destination: (.+), ref1: (.+), ref2: (.+?)(?:, workloads-diff-info: .*)?$/.exec(
        line,
      )!;
    before.addLine(source!, destination!, was!);
    after.addLine(source!, destination!, is!);
  }
  return { before, after };
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
