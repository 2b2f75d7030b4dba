import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintDescriptors, lintRules } from '../../lib/lint/registry';
import { runRules } from '../../lib/lint/run';
import { defaultSettings } from '../../lib/lint/settings';
import { rawManifestsOfTexts } from '../../lib/read/raw-manifests';
import { textEditsOf } from '../../lib/read/text-edits';
import { edited } from '../support/edited';
import { day, linted } from './linted';

const ids = lintRules.map(({ id }) => id);

describe('the registry', () => {
  test('holds exactly the rules of the folder, in the order of their ids', () => {
    const files = readdirSync(resolve(__dirname, '../../lib/lint/rules')).sort();
    expect(ids.map((id) => `${id}.ts`)).toEqual(files);
  });

  test('names what is forbidden `no-…`, and what is demanded `require-…`', () => {
    for (const { id } of lintDescriptors) expect(id).toMatch(/^(no|require)-[a-z0-9-]+$/);
  });

  test.for(lintDescriptors.map((rule) => [rule.id, rule] as const))('says what %s is about', ([, rule]) => {
    expect(rule.wrong).toMatch(/^[a-z`].*[^.]$/);
    expect(rule.todo).toMatch(/^[a-z`].*[^.]$/);
    expect(rule.why).toMatch(/^[A-Z`].*\.$/);
  });
});

describe('a rule', () => {
  test.for(lintRules.map((rule) => [rule.id, rule] as const))('%s finds nothing in its good examples', ([, rule]) => {
    for (const { yaml, settings } of rule.good) expect(linted(yaml, [rule], settings)).toEqual([]);
  });

  test.for(lintRules.map((rule) => [rule.id, rule] as const))('%s finds what its bad examples show', ([, rule]) => {
    for (const { yaml, settings, at, fixed } of rule.bad) {
      const findings = linted(yaml, [rule], settings);
      expect(findings.map(({ rule: id, place }) => [id, place.field ?? ''])).toEqual(
        at.map((field) => [rule.id, field]),
      );
      for (const { message, hint } of findings) {
        expect(message).toMatch(/^[a-zA-Z`].*[^.]$/s);
        expect(hint).toMatch(/^[a-z`].*[^.]$/s);
      }
      const edits = findings.flatMap(({ fix }) => textEditsOf(fix ?? []).edits);
      expect(edits.length > 0 ? edited(yaml, edits) : undefined).toBe(fixed);
    }
  });

  test('that is switched off is not asked', () => {
    const [rule] = lintRules;
    const severities = { [rule!.id]: 'off' as const };
    expect(linted(rule!.bad[0].yaml, [rule!], { severities })).toEqual([]);
  });

  test('has the severity that is configured', () => {
    const [rule] = lintRules;
    const severities = { [rule!.id]: 'info' as const };
    expect(linted(rule!.bad[0].yaml, [rule!], { severities }).map(({ severity }) => severity)).toEqual(['info']);
  });

  test('that crashes is a finding which names it, and the others still run', () => {
    const [rule] = lintRules;
    const crashing = {
      ...rule!,
      id: 'no-luck',
      check: () => {
        throw new Error('out of luck');
      },
    };
    const findings = linted(rule!.bad[0].yaml, [crashing, rule!]);
    expect(findings.map(({ rule: id, message }) => [id, message])).toEqual([
      ['no-crashing-rule', 'rule `no-luck` failed, so that what it is about was not looked at: out of luck'],
      [rule!.id, expect.any(String)],
    ]);
  });

  test('sees nothing but what it is given: the same input gives the same findings', () => {
    for (const rule of lintRules) {
      const { yaml, settings } = rule.bad[0];
      expect(JSON.stringify(linted(yaml, [rule], settings))).toBe(JSON.stringify(linted(yaml, [rule], settings)));
    }
    expect(defaultSettings(day).today).toBe(day);
  });
});

test('a file of many templates is told once', () => {
  const template = 'apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.a }}\n';
  expect(linted([template, template, template].join('---\n')).map(({ rule, place }) => [rule, place.line])).toEqual([
    ['no-unrendered-template', 3],
  ]);
});

test('the templates of a chart are told once, and those of another one too', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.a }}\n';
  const files = ['a/templates/pod.yaml', 'a/templates/more/pod.yaml', 'b/templates/pod.yaml', 'pod.yaml'];
  const input = rawManifestsOfTexts(files.map((file) => ({ file, text })));
  const found = runRules(lintRules, input, defaultSettings(day));
  expect(found.map(({ place }) => place.file)).toEqual(['a/templates/pod.yaml', 'b/templates/pod.yaml', 'pod.yaml']);
});
