import { count, dialect, list, place, record, text, texts, unread } from './parts';

const named = { $ref: '#/$defs/named' } as const;

const redundant = record({
  name: { ...text, description: '`shop/cart`, or `shop/cart ingress[0]` for a rule' },
  place: { $ref: '#/$defs/place' },
  why: {
    enum: ['covered', 'matches-nothing', 'open-anyway'],
    description: '`open-anyway`: without it nothing isolates its pods, and everything is allowed either way',
  },
  coveredBy: list(named, 'all of them stay; empty unless it is `covered`'),
  decision: {
    enum: ['certain', 'unknown'],
    description: '`unknown`: a policy of a kind that is not read decides for the same pods',
  },
});

/** JSON Schema of what `tierwall redundancy --output json` prints. Within a version, fields are only added. */
export const redundancySchema = {
  $schema: dialect,
  title: 'tierwall redundancy',
  ...record(
    {
      version: { const: 1 },
      totals: record({ namespaces: count, policies: count, rules: count }),
      policies: list(redundant, 'policies that can be deleted, all at once and the rules below with them'),
      rules: list(redundant, 'rules that can be deleted from policies that stay'),
      overlaps: list(
        record({ first: named, second: named, ports: texts }),
        'with --overlaps: rules that allow some of the same connections, of which neither can go',
      ),
      overlapsCut: { const: 'some', description: 'there are more overlaps than are listed' },
      decision: {
        enum: ['certain', 'unknown'],
        description: '`unknown` where policies of a kind that is not read could change what can go',
      },
      unread,
    },
    ['overlaps', 'overlapsCut'],
  ),
  $defs: { place, named: record({ name: text, place: { $ref: '#/$defs/place' } }) },
} as const;
