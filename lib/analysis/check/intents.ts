import type { Issue } from '../../model/issue';
import { resolvePorts } from '../../model/port-resolution';
import type { EnvironmentModel, Intent, NamespaceModel, Party, Program } from '../../model/program';
import { isGroup, namespaceOf, servicesOf } from '../../model/program';
import { namespaceNameKey } from '../../model/selector';
import { isDay } from '../../read/as-of';
import { problem } from './problem';

/** Every intent says who, on what and until when in a way that can be written. */
export function checkIntents(program: Program): Issue[] {
  const managed = new Map(program.namespaces.map((n) => [`${n.environment.cluster}/${n.name}`, n] as const));
  return program.intents.flatMap((intent) => {
    const own = isGroup(intent.callee) ? intent.callee : isGroup(intent.caller) ? intent.caller : undefined;
    if (!own) return [];
    const { environment } = namespaceOf(own);
    const ports = resolvePorts(intent, environment).problems.map((p) => problem(p.code, intent, p.message, p.hint));
    return [...ports, ...untilIssues(intent), ...peerIssues(intent, environment, managed)];
  });
}

function untilIssues(intent: Intent): Issue[] {
  if (intent.until === undefined || isDay(intent.until)) return [];
  return [problem('bad-date', intent, `\`until\` is \`${intent.until}\`, which is no day`, 'write it as `2026-12-31`')];
}

function peerIssues(
  intent: Intent,
  environment: EnvironmentModel,
  managed: ReadonlyMap<string, NamespaceModel>,
): Issue[] {
  const issues: Issue[] = [];
  const report = (code: string, message: string, hint: string) => issues.push(problem(code, intent, message, hint));
  for (const [side, party] of [
    ['caller', intent.caller],
    ['callee', intent.callee],
  ] as const) {
    if (isGroup(party)) continue;
    if (party.kind === 'internet' && side === 'caller' && party.via === undefined) {
      report(
        'internet-without-via',
        'how clients of the internet arrive is not said',
        "say `via: 'direct'` where their address is preserved, or `via: Peer…` for the proxy that they come through",
      );
    }
    if (party.kind === 'api-server' && !environment.apiServer) {
      const message = `environment \`${environment.name}\` does not say where its API server is`;
      report('no-api-server', message, "give `apiServer: { cidrs: ['192.0.2.1/32'], port: 6443 }` to the environment");
    }
    const pods = party.kind === 'internet' && typeof party.via === 'object' ? party.via : party;
    if (pods.kind === 'pods') {
      if (pods.pods.isEmpty) report('empty-selector', `no pod can match \`${pods.pods}\``, 'correct the labels');
      for (const name of pods.namespaces.valuesOf(namespaceNameKey) ?? []) {
        const own = managed.get(`${environment.cluster}/${name}`);
        if (own) {
          const message = `namespace \`${name}\` is managed by this app, as \`${own.path}\``;
          report(
            'managed-namespace',
            message,
            'name its Service, Tier or Namespace, so that its own side is opened too',
          );
        }
      }
    }
  }
  return issues;
}

/** Tiers and namespaces without members that an intent names: nothing is written for them. */
export function emptyGroups(program: Program): Intent[] {
  return program.intents.filter(({ caller, callee }) => isEmptyGroup(caller) || isEmptyGroup(callee));
}

function isEmptyGroup(party: Party): boolean {
  return isGroup(party) && servicesOf(party).length === 0;
}
