/** The first line of every file, by which tierwall knows its own: no other file is ever changed or removed. That of an app with a name has it too. */
export const ownershipLine = '# Written by tierwall synth. Do not edit: change the intents in the code instead.';
const anyLine =
  /^# Written by tierwall synth(?: for `([^`\n]+)`)?\. Do not edit: change the intents in the code instead\./;

/** The text of a file, with the line that says whose it is. @param app as its settings name it, if they do */
export function owned(text: string, app: string | undefined): string {
  return `${app === undefined ? ownershipLine : ownershipLine.replace('.', ` for \`${app}\`.`)}\n${text}`;
}

/** Whether tierwall wrote a file. */
export function isWrittenText(text: string): boolean {
  return anyLine.test(text);
}

/** Whether tierwall wrote a file, and for this folder: deeper than its layout goes is the output of another app. */
export function isOwned(path: string, text: string): boolean {
  return isWrittenText(text) && path.split('/').length <= 3;
}

/** The app that a file was written for; undefined for one without a name. */
export function appOf(text: string): string | undefined {
  return anyLine.exec(text)?.[1];
}

/** Whether two files say the same, whichever apps they were written for. */
export function saysTheSame(one: string, other: string | undefined): boolean {
  return one.replace(anyLine, '') === other?.replace(anyLine, '');
}
