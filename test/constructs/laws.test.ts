import fc from 'fast-check';
import type { NetworkPolicy } from 'tierwall';
import { expect, test } from 'vitest';
import { fieldErrorToString } from '../../lib/validation/field-error';
import { validateNetworkPolicy } from '../../lib/validation/network-policy';
import { build, declared, names, ports, program, statement, universe } from '../support/arbitrary-program';
import { allows } from '../support/evaluate';
import { policiesOf, textOf } from '../support/program';

function connections(policies: readonly NetworkPolicy[]): Set<string> {
  const open = new Set<string>();
  for (const [i, from] of universe.entries()) {
    for (const [j, to] of universe.entries()) {
      for (const port of ports) if (allows(policies, from, to, port)) open.add(`${i}>${j}:${port}`);
    }
  }
  return open;
}

test('the policies allow what the statements say, and nothing else', () => {
  fc.assert(
    fc.property(program, (statements) => {
      const policies = policiesOf(build(statements));
      for (const from of universe) {
        for (const to of universe) {
          if (from === to && from.namespace) continue;
          for (const port of ports) {
            const reachesOut = from.namespace === 'one' || from.namespace === 'two';
            const inside = to.namespace === 'one' || to.namespace === 'two';
            // Anywhere as a caller opens the callee's ingress only: its own pods still need their own egress.
            if (reachesOut && inside && statements.some((s) => s.caller === names.length + 5)) continue;
            expect([from, to, port, allows(policies, from, to, port)]).toEqual([
              from,
              to,
              port,
              declared(statements, from, to, port),
            ]);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('reordering the statements of a program changes no byte', () => {
  fc.assert(
    fc.property(
      program.chain((p) =>
        fc.tuple(
          fc.constant(p),
          fc.shuffledSubarray(p, { minLength: p.length }),
          fc.shuffledSubarray([...names], { minLength: names.length }),
        ),
      ),
      ([statements, shuffled, order]) => {
        expect(textOf(build(shuffled, order))).toBe(textOf(build(statements)));
      },
    ),
    { numRuns: 60 },
  );
});

test('adding an intent only adds to what is allowed', () => {
  fc.assert(
    fc.property(program, statement, (statements, more) => {
      const before = connections(policiesOf(build(statements)));
      const after = connections(policiesOf(build([...statements, more])));
      expect([...before].filter((connection) => !after.has(connection))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('a service that loses its last intent is fully denied', () => {
  fc.assert(
    fc.property(program, (statements) => {
      // Without what names the service, its tier and everyone.
      const rest = statements.filter(({ callee, caller }) => callee !== 2 && caller !== 2);
      const policies = policiesOf(build(rest));
      const own = universe[2]!;
      for (const [i, other] of universe.entries()) {
        if (i === 2) continue;
        for (const port of ports) {
          expect(allows(policies, own, other, port)).toBe(false);
          expect(allows(policies, other, own, port)).toBe(false);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('no rule or peer can be removed without losing a declared connection', () => {
  fc.assert(
    fc.property(program, (statements) => {
      const policies = policiesOf(build(statements));
      const sides = (list: readonly NetworkPolicy[]) => sideConnections(list);
      const whole = sides(policies);
      for (const [p, policy] of policies.entries()) {
        for (const field of ['ingress', 'egress'] as const) {
          for (const [r, rule] of (policy.spec[field] ?? []).entries()) {
            if (JSON.stringify(rule).includes('kube-dns')) continue;
            const rest = (policy.spec[field] as readonly object[]).filter((_, i) => i !== r);
            const mutant = policies.map((other, i) =>
              i === p ? { ...policy, spec: { ...policy.spec, [field]: rest } } : other,
            );
            expect(sides(mutant as NetworkPolicy[])).not.toEqual(whole);
          }
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** Each side by itself: a rule that opens only one side of a connection is needed too. */
function sideConnections(policies: readonly NetworkPolicy[]): Set<string> {
  const only = (type: 'Ingress' | 'Egress') =>
    policies
      .filter((p) => p.spec.policyTypes.includes(type))
      .map((p) => ({ ...p, spec: { ...p.spec, policyTypes: [type] } }));
  return new Set(
    [...connections(only('Ingress'))]
      .map((c) => `in ${c}`)
      .concat([...connections(only('Egress'))].map((c) => `out ${c}`)),
  );
}

test('every written object passes the validation rules of the API server', () => {
  fc.assert(
    fc.property(program, (statements) => {
      for (const policy of policiesOf(build(statements))) {
        expect(validateNetworkPolicy(policy).map(fieldErrorToString)).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});
