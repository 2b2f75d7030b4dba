import type { ApiServer } from './api-server';

export interface EventAbout {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const longestMessage = 1024;

/** Writes a Kubernetes Event about an object, in its namespace. @throws ApiFailure */
export async function createEvent(
  api: ApiServer,
  about: EventAbout,
  event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
  reporter: string,
  signal?: AbortSignal,
): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const { type, reason, message } = event;
  const shown = message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
  await api.askOnce({
    method: 'POST',
    path: `/api/v1/namespaces/${about.namespace}/events`,
    what: `create an event in ${about.namespace}`,
    signal,
    body: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: 'tierwall-drift-', namespace: about.namespace },
      involvedObject: about,
      type,
      reason,
      message: shown,
      source: { component: 'tierwall' },
      reportingComponent: 'tierwall',
      reportingInstance: reporter,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    },
  });
}
