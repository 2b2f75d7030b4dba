import type { Paint } from './paint';

/** The part of what `tierwall init` did that is shown. */
export interface ShownInit {
  readonly files: readonly { readonly path: string; readonly outcome: 'written' | 'kept' }[];
  readonly notes: readonly string[];
  readonly next: readonly { readonly command: string; readonly purpose: string }[];
}

export function initToText({ files, notes, next }: ShownInit, paint: Paint): string {
  const lines = files.map(({ path, outcome }) =>
    outcome === 'written' ? paint.green(`wrote  ${path}`) : paint.dim(`kept   ${path}, which exists`),
  );
  const width = Math.max(...next.map(({ command }) => command.length));
  const steps = next.map(({ command, purpose }) => `  ${command.padEnd(width)}  ${paint.dim(`# ${purpose}`)}`);
  return `${[...lines, ...notes.flatMap((note) => ['', note]), '', 'next:', ...steps].join('\n')}\n`;
}
