import { flowsOf } from '../model/flow';
import { type Intent, isGroup, type Program, servicesOf } from '../model/program';

/** Intents that open nothing, since nothing isolates the pods that they would open: that side is open anyway. */
export function idleIntents({ namespaces, services }: Program, active: readonly Intent[]): Intent[] {
  const half = services.some(({ isolates }) => isolates !== 'both') || namespaces.some((n) => n.isolates !== 'both');
  if (!half) return [];
  return active.filter((intent) => {
    const groups = [intent.caller, intent.callee].filter(isGroup);
    return groups.every((group) => servicesOf(group).length > 0) && flowsOf(intent).next().done === true;
  });
}
