/** Turns text into text for a terminal; each function may be the identity. */
export interface Paint {
  red(text: string): string;
  green(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

const same = (text: string) => text;

export const plain: Paint = { red: same, green: same, dim: same, bold: same };

const style = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;

export const coloured: Paint = { red: style(31, 39), green: style(32, 39), dim: style(2, 22), bold: style(1, 22) };
