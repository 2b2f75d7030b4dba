import type { ShownImport } from './txt';

export function importToJson(shown: ShownImport): string {
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}
