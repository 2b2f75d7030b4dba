import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { policyLabels } from '../model/policy-labels';

/** Enough to see what a repository is about. */
const mostFiles = 300;
const mostBytes = 100_000;
const deepest = 4;

const workload = /^\s*(?:- )?kind:\s*["']?(?:Deployment|StatefulSet|DaemonSet|CronJob|Pod|NetworkPolicy)\b/m;

/** The folders right below that hold manifests of workloads or policies that tierwall did not write, `.` for the folder itself; sorted. */
export function manifestFolders(folder: string): string[] {
  const found = new Set<string>();
  let left = mostFiles;
  look('', 0);
  return [...found].sort();

  function look(below: string, depth: number): void {
    for (const entry of entriesOf(join(folder, below))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const top = below === '' ? '.' : below.split('/')[0]!;
      if (entry.isDirectory()) {
        if (depth < deepest && !entry.name.startsWith('.') && entry.name !== 'node_modules') look(path, depth + 1);
      } else if (entry.isFile() && /\.ya?ml$/.test(entry.name) && !found.has(top) && left-- > 0) {
        if (holdsWorkload(join(folder, path))) found.add(top);
      }
    }
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function holdsWorkload(file: string): boolean {
  try {
    if (statSync(file).size > mostBytes) return false;
    const documents = readFileSync(file, 'utf8').split(/^---/m);
    return documents.some((document) => workload.test(document) && !isWritten(document));
  } catch {
    return false;
  }
}

/** Whether it carries the label of what tierwall writes. */
function isWritten(document: string): boolean {
  return Object.entries(policyLabels).every(([key, value]) => document.includes(`${key}: ${value}`));
}
