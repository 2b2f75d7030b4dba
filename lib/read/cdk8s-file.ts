import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { InputError } from '../model/issue';

/** Reads a cdk8s.yaml. @throws InputError for what is no YAML, or no mapping */
export function readCdk8sFile(path: string): Readonly<Record<string, unknown>> {
  const file = basename(path);
  try {
    const content = load(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
    const hint = 'write `app: …` into it';
    throw new InputError([{ code: 'bad-config', message: 'it is no mapping', place: { file }, hint }]);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = { file, ...(error.mark ? { line: error.mark.line + 1 } : {}) };
    throw new InputError([{ code: 'bad-yaml', message: error.reason, place, hint: 'correct the YAML' }]);
  }
}
