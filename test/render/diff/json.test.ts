import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listDiff } from '../../../lib/analysis/diff/diff';
import { diffToJson } from '../../../lib/render/diff/json';
import { diffSchema } from '../../../lib/render/schema/diff-schema';
import { change } from '../../support/arbitrary-change';
import { profile } from '../../support/arbitrary-cluster';
import { schemaErrors } from '../../support/json-schema';
import { after, before, diffOf } from './changes';

describe('a difference as JSON', () => {
  const value = JSON.parse(diffToJson(diffOf(before, after))) as Record<string, unknown>;

  it('is as its schema describes it', () => {
    expect(schemaErrors(diffSchema, value)).toEqual([]);
    fc.assert(
      fc.property(change, profile, ({ before: old, after: fresh }, drawn) => {
        const text = diffToJson(listDiff(old, fresh, drawn, { few: 0, mostSplit: 0 }));
        expect(schemaErrors(diffSchema, JSON.parse(text))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has no field that the schema does not describe, and lacks none', () => {
    expect(schemaErrors(diffSchema, { ...value, more: 1 })).toEqual(['$.more: is not described']);
    const { risks: _, ...less } = value;
    expect(schemaErrors(diffSchema, less)).toEqual(['$.risks: is missing']);
  });

  it('names the risks by the rows that carry them', () => {
    const { risks, outside } = diffOf(before, after);
    expect(risks.map(({ id }) => id)).toEqual(['widened', 'internet', 'unknown', 'narrowed']);
    const [row] = risks[1]!.rows;
    expect([row, outside[row!.index]!.internet]).toEqual([{ list: 'outside', index: 1 }, 'some']);
  });
});
