import type { Command } from 'commander';
import { type ClusterFlags, withClusterOptions } from './cluster';
import { cniOption } from './cni';

/** Which tables, and what they are about. */
export interface TableFlags extends ClusterFlags {
  readonly source?: readonly string[];
  readonly app?: string;
  readonly cni?: string;
}

export const collected = (value: string, earlier: readonly string[] = []) => [...earlier, value];

/** Adds the tables as arguments, and the options of {@link TableFlags}. */
export function withTables(command: Command): Command {
  const source = 'manifests that the tables are about; may be given several times (default: the app)';
  return withClusterOptions(
    command
      .argument('[table...]', 'YAML or Markdown files with tables, or patterns')
      .option('--source <path>', source, collected)
      .option('--app <command>', 'command that runs the app (default: `app` in the settings)')
      .addOption(cniOption()),
  );
}
