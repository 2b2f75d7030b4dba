import type { Direction, Policy, Rule, RulePeer } from '../../model/policy';
import type { Side } from '../connectivity/sides';

/** What rules and policies say, as texts that do not depend on names, order and places. */
export class RuleContents {
  private readonly ofRules = new Map<Rule, readonly string[]>();
  private readonly ofPolicies = new Map<Policy, string>();
  private readonly ofSides = new Map<Side, string>();

  /** One text for each peer of the rule, with its ports. */
  of(rule: Rule): readonly string[] {
    let texts = this.ofRules.get(rule);
    if (!texts) {
      texts = rule.peers.map((peer) => `${peerText(peer)} on ${rule.ports}`);
      this.ofRules.set(rule, texts);
    }
    return texts;
  }

  private ofSide(side: Side, direction: Direction): string {
    let text = this.ofSides.get(side);
    if (text === undefined) {
      const enforced = new Set(side.enforced);
      const entries = side.policies.flatMap((policy) => {
        const certainty = enforced.has(policy) ? '' : '? ';
        const rules = policy.rules.filter((rule) => rule.direction === direction);
        return rules.flatMap((rule) => this.of(rule).map((entry) => certainty + entry));
      });
      text = [...new Set(entries)].sort().join('\n');
      this.ofSides.set(side, text);
    }
    return text;
  }

  /** Equal for policies that mean the same in their namespace. */
  ofPolicy(policy: Policy): string {
    let text = this.ofPolicies.get(policy);
    if (text === undefined) {
      const { pods, isolates, rules } = policy;
      const entries = rules.flatMap((rule) => this.of(rule).map((entry) => `${rule.direction} ${entry}`));
      text = [`${pods}`, [...isolates].sort().join(), ...[...new Set(entries)].sort()].join('\n');
      this.ofPolicies.set(policy, text);
    }
    return text;
  }

  /** Whether two sides let through the same, whichever policies say so. */
  areSame(a: Side, b: Side, direction: Direction): boolean {
    if (a.isolation !== b.isolation || a.isolation === 'unread') return a.isolation === b.isolation;
    const isAlike =
      a.policies.length === b.policies.length &&
      a.policies.every((policy, i) => this.ofPolicy(policy) === this.ofPolicy(b.policies[i]!));
    return isAlike || this.ofSide(a, direction) === this.ofSide(b, direction);
  }
}

function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'everyone':
      return 'everyone';
    case 'pods':
      return `pods ${peer.namespaces} / ${peer.pods}`;
    case 'addresses':
      return `${peer.block.cidr} except ${[...peer.block.except].sort().join()}`;
  }
}
