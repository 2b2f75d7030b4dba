import {
  bad,
  type Check,
  isRecord,
  list,
  namespaceName,
  nested,
  type Options,
  options,
  text,
} from '../constructs/options';
import { livePrefix } from '../read/sources';

/** Manifests of an app's workloads, where a path alone does not say enough. */
export interface WorkloadsEntry {
  /** A file, a folder or a pattern, from the folder of the settings. */
  readonly path: string;
  /** Where objects are that name no namespace, as those of a Helm chart or a kustomization. @default default */
  readonly namespace?: string;
  /** The cluster of the app that they are in, as its environments name it. @default its only one */
  readonly cluster?: string;
}

/** Where the manifests of an app's workloads are. */
export type WorkloadsConfig = string | WorkloadsEntry | readonly (string | WorkloadsEntry)[];

const hint = 'write a path or a pattern, as `k8s/`, or a list of them';

/** What gates a change is read from files: a cluster says what is there by now. */
const path: Check = (value, name) => {
  const problems = text(hint)(value, name);
  const isPath = value !== '-' && !String(value).startsWith(livePrefix);
  return problems.length > 0 || isPath ? problems : [bad(`\`${name}\` is \`${value}\`, which is no path`, hint)];
};

const entryOptions: Options<WorkloadsEntry> = options<WorkloadsEntry>(
  'workloads',
  { path, namespace: namespaceName, cluster: text('write the name of a cluster of the app') },
  ['path'],
);

const entry: Check = (value, name) => (isRecord(value) ? nested(entryOptions) : path)(value, name);

/** A list of nothing would read nothing, and look as if all was well. */
export const workloadsCheck: Check = (value, name) => {
  if (!Array.isArray(value)) return entry(value, name);
  return value.length > 0
    ? list(entry)(value, name)
    : [bad(`\`${name}\` is an empty list`, `${hint}; or leave it out`)];
};
