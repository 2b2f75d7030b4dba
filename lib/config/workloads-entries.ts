import type { Settings } from './read-settings';
import type { WorkloadsConfig, WorkloadsEntry } from './workloads-config';

/** An entry of the setting `workloads`, and the field that it stands in. */
export interface PlacedEntry extends WorkloadsEntry {
  readonly field: string;
}

/** What the setting `workloads` names, entry by entry; none where it is not set. */
export function workloadsEntries({ config, prefix }: Pick<Settings, 'config' | 'prefix'>): PlacedEntry[] {
  const { workloads = [] } = config;
  const field = `${prefix}workloads`;
  const entry = (own: string | WorkloadsEntry) => (typeof own === 'string' ? { path: own } : own);
  if (!isList(workloads)) return [{ ...entry(workloads), field }];
  return workloads.map((own, i) => ({ ...entry(own), field: `${field}[${i}]` }));
}

function isList(value: WorkloadsConfig): value is Extract<WorkloadsConfig, readonly unknown[]> {
  return Array.isArray(value);
}
