import type { Declared } from '../model/program';
import type { DeclaredAt } from './handed-over';

/** File and line of a declaration, where they are known. */
export function declaredAt(origin: Declared['origin']): DeclaredAt | undefined {
  const [, file, line] = /^(.*):(\d+)$/.exec(origin?.toString() ?? '') ?? [];
  return file && line ? { file, line: Number(line) } : undefined;
}
