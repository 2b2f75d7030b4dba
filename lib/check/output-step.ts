import type { Finding } from '../model/finding';
import { foundItems } from '../read/found-items';
import type { SynthResult } from '../synth/synth';
import type { CheckStep } from './check-result';
import { requireCommittedOutput } from './check-rules';

type Difference = SynthResult['differences'][number];

const texts: Readonly<Record<Difference['kind'], string>> = {
  added: 'the code gives this file, and it is not there',
  changed: 'the code gives another text',
  removed: 'the code gives no such file any more',
  untracked: 'the file is not in git, so that nobody else gets it',
};

/** Whether the committed output is what the code gives. @param folder of the output, as messages call it */
export function outputStep({ differences, policies }: SynthResult, folder: string): CheckStep {
  if (differences.length === 0) {
    return { id: 'output', verdict: 'passed', summary: `${folder}: up to date, policies: ${policies}`, items: [] };
  }
  const findings = differences.map((difference): Finding => {
    const { id, severity, todo } = requireCommittedOutput;
    const { kind, path } = difference;
    const line = firstDifferentLine(difference);
    const place = { file: `${folder}/${path}`, ...(line === undefined ? {} : { line }) };
    const hint = kind === 'untracked' ? `run \`git add ${folder}\`, and commit it` : todo;
    return { rule: id, severity, message: `\`${folder}/${path}\`: ${texts[kind]}`, place, related: [], hint };
  });
  const summary = `${folder}: files not as the code gives them: ${differences.length}`;
  return { id: 'output', verdict: 'failed', summary, items: foundItems(findings) };
}

/** In the file that is there, from 1. */
function firstDifferentLine({ kind, before, after }: Difference): number | undefined {
  if (kind !== 'changed') return undefined;
  const [own, given] = [before ?? '', after ?? ''].map((text) => text.split('\n')) as [string[], string[]];
  const index = own.findIndex((line, i) => line !== given[i]);
  return index < 0 ? own.length : index + 1;
}
