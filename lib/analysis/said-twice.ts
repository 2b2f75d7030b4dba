import { resolvePorts } from '../model/port-resolution';
import { type Intent, isGroup, namespaceOf, type ServiceModel, servicesOf } from '../model/program';

/** One intent, said from both sides. */
export interface SaidTwice {
  readonly callee: Intent;
  readonly caller: Intent;
}

/** The intents of callers that their callees declare too, for the same ports. */
export function saidTwice(intents: readonly Intent[]): SaidTwice[] {
  const asked = intents.filter(
    ({ caller, callee, declaredBy }) => declaredBy === 'caller' && isGroup(caller) && isGroup(callee),
  );
  if (asked.length === 0) return [];
  const pairs = new Set(asked.map(pairOf));
  const declared = new Map<string, Intent>();
  for (const intent of intents) {
    if (intent.declaredBy === 'callee' && pairs.has(pairOf(intent))) declared.set(keyOf(intent), intent);
  }
  return asked.flatMap((caller) => {
    const callee = declared.get(keyOf(caller));
    return callee ? [{ callee, caller }] : [];
  });
}

function pairOf({ caller, callee }: Intent): string {
  return isGroup(caller) && isGroup(callee) ? `${caller.path} -> ${callee.path}` : '';
}

/** The pair, and the ports that are opened at each callee. */
function keyOf(intent: Intent): string {
  const { callee } = intent;
  if (!isGroup(callee)) return '';
  const { of } = resolvePorts(intent, namespaceOf(callee).environment);
  const text = (service: ServiceModel) => `${service.path} ${of(service)}`;
  return [pairOf(intent), intent.enforcedAt, ...servicesOf(callee).map(text)].join('\n');
}
