import { clusterRole, clusterRules } from '../../cluster/rbac';
import type { ResourceKind } from '../../cluster/resources';
import { toYaml } from '../../render/yaml';
import type { Io } from '../io';
import { connect, isLive } from '../options/cluster';
import { reportFailure } from '../report-failure';
import { purposeOf, type RbacFlags } from './rbac';

/** Prints the role; gives the exit code. */
export async function runRbac(io: Io, flags: RbacFlags): Promise<number> {
  try {
    const purpose = purposeOf(flags.for);
    const rules = clusterRules(purpose, isLive(flags) ? await installedKinds(io, flags) : undefined);
    const role = clusterRole(flags.name ?? `tierwall-${purpose}`, rules);
    io.stdout.write(flags.output === 'json' ? `${JSON.stringify(role, undefined, 2)}\n` : toYaml(role));
    return 0;
  } catch (error) {
    return reportFailure(io, error, flags.output, '');
  }
}

async function installedKinds(io: Io, flags: RbacFlags): Promise<ResourceKind[]> {
  const { servedResources } = await import('../../cluster/served.js');
  const { orInputError } = await import('../../cluster/live-objects.js');
  const api = await connect(io, flags);
  const served = await orInputError(() => servedResources(api, (note) => void io.stderr.write(`note: ${note}\n`)));
  return served.filter(({ presence }) => presence === 'custom');
}
