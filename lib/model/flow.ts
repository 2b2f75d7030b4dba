import type { PortSet } from '../sets/port-set';
import { type Atom, outsideAtoms, serviceAtom, sourceAtoms } from './atom';
import type { Direction } from './policy';
import { resolvePorts } from './port-resolution';
import { type Intent, isGroup, isolatesIn, namespaceOf, type ServiceModel, servicesOf } from './program';

/** What one policy has to open: `subject` may be reached from, or may reach, `peer` on `ports`. */
export interface Flow {
  readonly intent: Intent;
  readonly direction: Direction;
  readonly subject: ServiceModel;
  readonly peer: Atom;
  /** The peer, where it is one service of this app. */
  readonly service: ServiceModel | undefined;
  readonly ports: PortSet;
}

/** The openings that an intent asks for, on each side that it is enforced at and that this app isolates. */
export function* flowsOf(intent: Intent): Generator<Flow> {
  for (const flow of openingsOf(intent)) if (isolatesIn(flow.subject.isolates, flow.direction)) yield flow;
}

function* openingsOf(intent: Intent): Generator<Flow> {
  const { caller, callee, enforcedAt } = intent;
  if (!isGroup(callee)) {
    if (!isGroup(caller) || enforcedAt === 'callee') return;
    const { environment } = namespaceOf(caller);
    const { shared: ports } = resolvePorts(intent, environment);
    if (ports.isEmpty) return;
    for (const subject of servicesOf(caller)) {
      for (const peer of outsideAtoms(callee, environment)) {
        yield { intent, direction: 'egress', subject, peer, service: undefined, ports };
      }
    }
    return;
  }
  const { environment } = namespaceOf(callee);
  const resolution = resolvePorts(intent, environment);
  const sources = enforcedAt === 'caller' ? [] : sourceAtoms(caller, environment);
  const callers = isGroup(caller) && enforcedAt !== 'callee' ? servicesOf(caller) : [];
  for (const target of servicesOf(callee)) {
    const ports = resolution.of(target);
    if (ports.isEmpty) continue;
    const service = caller.kind === 'service' ? caller : undefined;
    for (const peer of sources) yield { intent, direction: 'ingress', subject: target, peer, service, ports };
    for (const subject of callers) {
      yield { intent, direction: 'egress', subject, peer: serviceAtom(target), service: target, ports };
    }
  }
}
