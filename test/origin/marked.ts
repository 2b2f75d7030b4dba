/** A program in which `¦` marks every place that an origin is expected at, in the order of the statements. */
export interface MarkedProgram {
  readonly text: string;
  readonly places: readonly { readonly line: number; readonly column: number }[];
}

/** Takes the marks out of a program, as in `const a = ¦new Statement();`. */
export function marked(program: string): MarkedProgram {
  const places = program.split('\n').flatMap((text, row) =>
    text
      .split('¦')
      .slice(0, -1)
      .map((_, nth, parts) => ({ line: row + 1, column: parts.slice(0, nth + 1).join('').length + 1 })),
  );
  return { text: program.replaceAll('¦', ''), places };
}
