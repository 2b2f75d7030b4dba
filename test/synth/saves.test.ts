import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Saves } from '../../lib/synth/saves';

const folder = mkdtempSync(join(tmpdir(), 'saves-'));
const at = (name: string) => join(folder, name);
const write = (name: string) => writeFileSync(at(name), '');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function gathered() {
  const told: string[][] = [];
  const saves = new Saves(40, (paths) => told.push(paths.map((path) => path.slice(folder.length + 1))));
  const note = (event: Parameters<Saves['note']>[0], name: string) => saves.note(event, at(name));
  return { told, note };
}

describe('files that are saved', () => {
  test('are told together once no more are saved for a while', () => {
    const { told, note } = gathered();
    note('changed', 'a.ts');
    vi.advanceTimersByTime(39);
    note('changed', 'b.ts');
    note('changed', 'a.ts');
    vi.advanceTimersByTime(39);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([['a.ts', 'b.ts']]);
  });

  test('are told if they are new, and once they are gone', () => {
    const { told, note } = gathered();
    write('new.ts');
    note('came', 'new.ts');
    vi.advanceTimersByTime(40);
    rmSync(at('new.ts'));
    note('went', 'new.ts');
    vi.advanceTimersByTime(40);
    expect(told).toEqual([['new.ts'], ['new.ts']]);
  });

  test('are told if they were there before and are replaced in between', () => {
    const { told, note } = gathered();
    note('went', 'main.ts');
    note('came', 'main.ts');
    vi.advanceTimersByTime(40);
    expect(told).toEqual([['main.ts']]);
  });

  test('are not told if they came and went in between, also where their going is seen late, but are if they come back', () => {
    const { told, note } = gathered();
    note('came', 'probe');
    vi.advanceTimersByTime(40);
    note('went', 'probe');
    vi.advanceTimersByTime(40);
    note('came', 'probe');
    vi.advanceTimersByTime(40);
    expect(told).toEqual([]);
    write('probe');
    note('changed', 'probe');
    vi.advanceTimersByTime(40);
    expect(told).toEqual([['probe']]);
  });

  test.for([
    '4913',
    '.main.ts.swp',
    'main.ts.swx',
    'main.ts~',
    '.#main.ts',
    '#main.ts#',
    'sedCwlP8Y',
    'main.ts___jb_tmp___',
  ])('are not told if they are %s, even if it stays', (name) => {
    const { told, note } = gathered();
    write(name);
    note('came', name);
    vi.advanceTimersByTime(40);
    expect(told).toEqual([]);
  });

  test.for(['sed.ts', 'sedation.ts', '4913.ts', 'a.swift'])('are told if they are called just like it: %s', (name) => {
    const { told, note } = gathered();
    write(name);
    note('came', name);
    vi.advanceTimersByTime(40);
    expect(told).toEqual([[name]]);
  });
});
