import type { Issue } from '../../model/issue';
import { defaultDenyOf, isGroup, isolatesIn, type Program, partyToString } from '../../model/program';
import { problem } from './problem';

/** No service says that it isolates less than its namespace does, and no intent that it is enforced where nothing is of this app. */
export function checkIsolation(program: Program): Issue[] {
  const services = program.services.flatMap((service) => {
    const { isolates, namespace } = service;
    const denied = defaultDenyOf(namespace);
    const open = (['ingress', 'egress'] as const).filter((d) => isolatesIn(denied, d) && !isolatesIn(isolates, d));
    if (open.length === 0) return [];
    const message = `service \`${service.name}\` isolates \`${isolates}\`, but the default deny of namespace \`${namespace.name}\` denies ${open.join(' and ')} to all its pods`;
    const hint = `say \`isolates: '${denied}'\`, or leave it out`;
    return [problem('less-isolated', service, message, hint)];
  });
  const intents = program.intents.flatMap((intent) => {
    const { enforcedAt, caller, callee } = intent;
    const side = enforcedAt === 'callee' ? callee : enforcedAt === 'caller' ? caller : undefined;
    if (!side || isGroup(side)) return [];
    const message = `the intent is enforced at the ${enforcedAt} alone, and ${partyToString(side)} is not isolated by this app`;
    return [problem('not-enforced', intent, message, 'leave `enforcedAt` out')];
  });
  return [...services, ...intents];
}
