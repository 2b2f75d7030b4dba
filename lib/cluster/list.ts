import { fieldsOf, itemsOf, textOf } from '../validation/json-value';
import { ApiFailure } from './api-failure';
import type { ApiServer } from './api-server';
import { pathOf, type Resource, resourceToString } from './resources';

/** As kubectl asks for. */
const pageSize = 500;
const mostRestarts = 3;

export interface Listed {
  readonly objects: readonly object[];
  /** Of the list as a whole: from here a watch goes on. */
  readonly resourceVersion: string;
}

/** Pods that have ended do not talk any more, and their addresses are given to others. */
const running = 'status.phase!=Succeeded,status.phase!=Failed';

export function selectionOf({ group, kind }: Pick<Resource, 'group' | 'kind'>): Record<string, string> {
  return group === '' && kind === 'Pod' ? { fieldSelector: running } : {};
}

/**
 * All objects of a kind, page by page. A list that takes so long that its resource version expires begins again.
 * @param keep what is kept of each object, so that no more than a page is in memory as a whole
 * @throws ApiFailure
 */
export async function listAll(
  api: ApiServer,
  resource: Resource,
  keep: (object: unknown) => object,
  signal?: AbortSignal,
): Promise<Listed> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(api, resource, keep, signal);
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.kind !== 'gone' || restarts === mostRestarts) throw error;
    }
  }
}

async function listOnce(
  api: ApiServer,
  resource: Resource,
  keep: (object: unknown) => object,
  signal: AbortSignal | undefined,
): Promise<Listed> {
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const objects: object[] = [];
  const what = `list ${resourceToString(resource)}`;
  let continued = '';
  for (;;) {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...selectionOf(resource),
      ...(continued ? { continue: continued } : {}),
    });
    const page = fieldsOf(await api.ask({ method: 'GET', path: `${pathOf(resource)}?${query}`, what, signal }));
    // Items of a list leave out what they are.
    for (const item of itemsOf(page['items'])) objects.push(keep({ apiVersion, kind, ...fieldsOf(item) }));
    const metadata = fieldsOf(page['metadata']);
    continued = textOf(metadata['continue']);
    if (continued === '') return { objects, resourceVersion: textOf(metadata['resourceVersion']) };
  }
}
