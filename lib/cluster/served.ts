import { mayDecide } from '../read/unread-kinds';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';
import { ApiFailure } from './api-failure';
import type { ApiServer } from './api-server';
import { coreResources, customKinds, type Resource } from './resources';

/** Groups that are part of Kubernetes, and hold nothing but what {@link coreResources} names. */
const builtIn = /^(?:apps|batch|autoscaling|policy|extensions|events\.k8s\.io|[a-z.]*\.k8s\.io)$/;
const ours = new Set(customKinds.map(({ group }) => group));

/**
 * The resources that say something of the network on this server: those of Kubernetes itself, and of custom ones those that are
 * installed. A kind that nobody here knows, and that calls itself a network policy, is among them.
 * @param note receives which groups could not be looked at: those of other API servers, that are down
 * @throws ApiFailure
 */
export async function servedResources(
  api: ApiServer,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<Resource[]> {
  const answer = fieldsOf(await api.ask({ method: 'GET', path: '/apis', what: 'discover the API groups', signal }));
  const groups = itemsOf(answer['groups']).map((item) => fieldsOf(item));
  const asked = groups.filter(({ name }) => ours.has(textOf(name)) || !builtIn.test(textOf(name)));
  const custom = await Promise.all(
    asked.map((group) =>
      resourcesOf(api, group, signal).catch((error: unknown) => {
        // One of a group that decides who may connect must not be missed; kubectl goes on without the others as well.
        if (!(error instanceof ApiFailure) || error.kind !== 'server' || ours.has(textOf(group['name']))) throw error;
        note(`the kinds of API group ${textOf(group['name'])} are not known: ${error.detail}`);
        return [];
      }),
    ),
  );
  return [...coreResources, ...withoutMirrors(custom.flat())];
}

async function resourcesOf(
  api: ApiServer,
  { name, preferredVersion }: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<Resource[]> {
  const group = textOf(name);
  const version = textOf(fieldsOf(preferredVersion)['version']);
  const what = `discover the kinds of ${group}`;
  const answer = fieldsOf(await api.askOnce({ method: 'GET', path: `/apis/${group}/${version}`, what, signal }));
  return itemsOf(answer['resources']).flatMap((item): Resource[] => {
    const { name: plural, kind, verbs } = fieldsOf(item);
    const isAsked =
      customKinds.some((known) => known.group === group && known.kind === kind) || mayDecide(group, textOf(kind));
    // Subresources, as `networkpolicies/status`, are named with a slash.
    if (!isAsked || textOf(plural).includes('/') || !itemsOf(verbs).includes('list')) return [];
    return [{ group, version, kind: textOf(kind), plural: textOf(plural), presence: 'custom' }];
  });
}

/** Calico's API server shows the objects of its CRDs again, and Kubernetes' own policies among them. */
function withoutMirrors(resources: readonly Resource[]): Resource[] {
  const hasCalicoCrds = resources.some(({ group }) => group === 'crd.projectcalico.org');
  return resources.filter(({ group }) => !hasCalicoCrds || group !== 'projectcalico.org');
}
