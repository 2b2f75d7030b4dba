import { type PolicyStatement, peerStatements, relationOf } from '../analysis/open-world/relation';
import { StatementIndex } from '../analysis/open-world/statement-index';
import { covers } from '../analysis/open-world/uncovered';
import { Universe } from '../analysis/open-world/universe';
import type { Direction, Policy, RulePeer } from '../model/policy';
import { namespaceBox } from '../model/selector';
import { PortSet } from '../sets/port-set';
import type { ServiceDraft } from './drafts';

/** What the imported policies let pods of services do, whatever labels their namespaces have. */
export class Today {
  private readonly universe = new Universe(new Map(), 'told-apart');
  private readonly statements: StatementIndex<PolicyStatement>;

  constructor(policies: readonly Policy[], namespaces: Iterable<string>) {
    this.statements = new StatementIndex(relationOf(policies, namespaces, this.universe));
  }

  /** Whether all pods of the service may do that, as far as that side's policies go. */
  allows({ namespace, pods }: ServiceDraft, direction: Direction, peer: RulePeer, ports: PortSet): boolean {
    const asked = peerStatements({ namespace, direction }, pods, peer, ports, this.universe);
    return asked.every((statement) => covers(this.statements.near(statement), statement));
  }

  allowsEverything(draft: ServiceDraft, direction: Direction): boolean {
    return this.allows(draft, direction, { kind: 'everyone' }, PortSet.all);
  }

  /** Whether all pods of the one may reach all those of the other, by both sides' policies. */
  connects(caller: ServiceDraft, callee: ServiceDraft, ports: PortSet): boolean {
    return (
      this.allows(callee, 'ingress', podsOf(caller), ports) && this.allows(caller, 'egress', podsOf(callee), ports)
    );
  }
}

function podsOf({ namespace, pods }: ServiceDraft): RulePeer {
  return { kind: 'pods', namespaces: namespaceBox(namespace), pods };
}
