import type { Command } from 'commander';
import type { ApiServer } from '../../cluster/api-server';
import type { LiveDetail } from '../../cluster/live-objects';
import { badUsage } from '../../model/issue';
import type { ReceivedObject } from '../../read/received-object';
import { livePrefix } from '../../read/sources';
import { type Io, isWatched } from '../io';

/** Which live cluster is asked. */
export interface ContextFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** As {@link ContextFlags}, where manifests are the other choice. */
export interface ClusterFlags extends ContextFlags {
  readonly cluster?: true;
}

/** Adds `--context` and `--kubeconfig`, as kubectl has them. */
export function withContextOptions(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config; in a pod, its service account');
}

/** Adds `--cluster` and those of {@link withContextOptions}: the live cluster in place of manifests. */
export function withClusterOptions(command: Command): Command {
  return withContextOptions(command.option('--cluster', 'read the live cluster in place of manifests'));
}

/** Whether the live cluster is asked for. */
export function isLive({ cluster, context }: ClusterFlags): boolean {
  return cluster !== undefined || context !== undefined;
}

/** The sources that a command reads: those that are named, or the live cluster. @throws InputError for none, and for both */
export function sourceWords(words: readonly string[], flags: ClusterFlags): readonly string[] {
  const { context = '', kubeconfig } = flags;
  if (isLive(flags)) {
    if (words.length === 0) return [livePrefix + context];
    const hint = `name it among them, as \`${livePrefix}${context}\``;
    throw badUsage('manifests are named, and the live cluster too', hint);
  }
  if (words.length === 0) {
    const hint =
      'name files or folders (`.` is this one), `-` for standard input, or `--cluster`; an app is read in the folder of its cdk8s.yaml';
    throw badUsage('there is nothing to read', hint);
  }
  if (kubeconfig !== undefined && !words.some((word) => word.startsWith(livePrefix))) {
    throw badUsage('`--kubeconfig` goes with `--cluster`', 'leave it out, or add `--cluster`');
  }
  return words;
}

/**
 * Of the context that is asked for. Nothing is sent yet.
 * @param renewed called when credentials that the server refused were replaced by others
 * @throws InputError
 */
export async function connect(
  io: Io,
  { context, kubeconfig }: ContextFlags,
  renewed: (message: string) => void = (message) => io.stderr.write(`note: ${message}\n`),
): Promise<ApiServer> {
  // Loaded only now: nothing else of tierwall uses the network.
  const { ApiServer } = await import('../../cluster/api-server.js');
  return ApiServer.of({ context, kubeconfig, cwd: io.cwd, env: io.env }, {}, renewed);
}

/** Lists what is in the live cluster of a context; the current one for ``. @throws InputError */
export async function* readLive(
  io: Io,
  context: string,
  { kubeconfig }: ContextFlags,
  detail: LiveDetail = 'network',
): AsyncGenerator<ReceivedObject> {
  const { liveObjects } = await import('../../cluster/live-objects.js');
  const api = await connect(io, { ...(context ? { context } : {}), ...(kubeconfig ? { kubeconfig } : {}) });
  if (isWatched(io)) io.stderr.write(`reading cluster ${api.name}\n`);
  yield* liveObjects(api, (note) => void io.stderr.write(`note: ${note}\n`), { detail, signal: io.signal });
}
