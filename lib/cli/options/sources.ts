import type { Cluster } from '../../model/cluster';
import { readCluster } from '../../read/cluster';
import type { SourceOptions } from '../../read/source-options';
import { HeldBlocks } from '../../read/source-text';
import { type Io, isWatched } from '../io';
import { type ClusterFlags, readLive, sourceWords } from './cluster';

/** So many objects take long enough for a person to wonder. */
const many = 5000;

/**
 * Reads the cluster that a command's arguments name, manifests or a live one, and tells a person who waits what is being done.
 * @param empty whether a source may hold nothing
 * @param only the files of them that are read. @default all
 * @throws InputError with every problem of every source
 */
export async function readSources(
  words: readonly string[],
  io: Io,
  flags: ClusterFlags = {},
  empty: 'allowed' | 'refused' = 'refused',
  only?: SourceOptions['only'],
): Promise<Cluster> {
  const cluster = await readCluster(sourceWords(words, flags), {
    cwd: io.cwd,
    stdin: () => standardInput(io),
    live: (context) => readLive(io, context, flags),
    empty,
    ...(only ? { only } : {}),
  });
  const { workloads, policies } = cluster;
  if (isWatched(io) && workloads.length + policies.length > many) {
    io.stderr.write(`read ${workloads.length} workloads and ${policies.length} policies\n`);
  }
  return cluster;
}

/** @throws what the system says, also if it is too much to hold */
export async function standardInput(io: Io): Promise<Buffer> {
  if (isWatched(io) && io.stdin.isTTY) io.stderr.write('reading standard input; Ctrl-D ends it\n');
  const blocks = new HeldBlocks();
  for await (const block of io.stdin) blocks.add(Buffer.from(block));
  return blocks.whole();
}
