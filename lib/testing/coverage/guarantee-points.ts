import type { ListedPlace } from '../../model/connectivity-listing';
import type { Claim, ClaimEnd } from '../claim';
import { guaranteeClaims } from '../guarantee';
import type { Network } from '../network';
import type { StatedAssertion } from '../recording/asserted';
import type { NamespaceLabels } from './point';

/** A guarantee of an app, at the line that says it. */
export interface GuaranteePoint {
  readonly path: string;
  readonly place: ListedPlace;
  /** How many statements deny some of it, or say that all is proved. */
  readonly stated: number;
}

/** @param claims of the assertions, that hold */
export function guaranteePoints(
  { cluster, source: { app } }: Network,
  claims: readonly Claim[],
  assertions: readonly StatedAssertion[],
): GuaranteePoint[] {
  const labels = new Map(cluster.namespaces.map((n) => [n.name, n.labels] as const));
  const proofs = assertions.filter(({ assertion }) => assertion.kind === 'proved').length;
  return (app?.guarantees ?? []).flatMap((guarantee): GuaranteePoint[] => {
    const own = guaranteeClaims(guarantee, app!.name);
    if (own.length === 0) return [];
    const stated = claims.filter((claim) => own.some((one) => isSome(claim, one, labels))).length;
    const { path, at = {} } = guarantee;
    return [{ path, place: at, stated: stated + proofs }];
  });
}

function isSome(claim: Claim, whole: Extract<Claim, { kind: 'denied' }>, labels: NamespaceLabels): boolean {
  return (
    claim.kind === 'denied' &&
    claim.ports.mayMeet(whole.ports) &&
    meet(claim.source, whole.source, labels) &&
    meet(claim.destination, whole.destination, labels)
  );
}

function meet(a: ClaimEnd, b: ClaimEnd, labels: NamespaceLabels): boolean {
  if (a.kind === 'addresses' && b.kind === 'addresses') return !a.addresses.intersect(b.addresses).isEmpty;
  if (a.kind === 'pods' && b.kind === 'pods') {
    return a.space.namespaces.meets(b.space.namespaces) && a.space.pods.meets(b.space.pods);
  }
  if (a.kind === 'workload' && b.kind === 'pods') {
    const { namespace, podLabels } = a.workload;
    return b.space.namespaces.matches(labels.get(namespace) ?? {}) && b.space.pods.matches(podLabels);
  }
  return false;
}
