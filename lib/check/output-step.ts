import type { Finding } from '../model/finding';
import type { Place } from '../model/issue';
import { foundItems } from '../read/found-items';
import { counted } from '../render/connectivity/visible-text';
import type { OutputFolder } from '../synth/output-folder';
import type { SynthResult } from '../synth/synth';
import type { CheckStep } from './check-result';
import { requireCommittedOutput } from './check-rules';

type Difference = SynthResult['differences'][number];

const texts: Readonly<Record<Difference['kind'], string>> = {
  added: 'the code gives this file, and it is not there',
  changed: 'the code gives another text',
  removed: 'the code gives no such file any more',
  untracked: 'the file is not in git, so that nobody else gets it',
  foreign: 'tierwall did not write this file, and it holds policies: whoever applies the folder applies them too',
};

const allTexts = {
  added: 'the code gives them, and they are not there',
  untracked: 'they are not in git, so that nobody else gets them',
} as const;

const hints: Partial<Record<Difference['kind'], (folder: string) => string>> = {
  untracked: (folder) => `run \`git add ${folder}\`, and commit it`,
  foreign: () =>
    'declare what it opens in the app, or move it to a folder of its own, and prove with `--with` what both allow',
};

/**
 * Whether the committed output is what the code gives, and no policies of others are among it.
 * @param folder of the output, as messages call it
 * @param foreignKinds what else is in it
 */
export function outputStep(
  { differences, policies }: SynthResult,
  folder: string,
  foreignKinds: OutputFolder['foreignKinds'],
): CheckStep {
  const named = new Set(differences.map(({ path }) => path));
  const noted = foundItems(
    [...foreignKinds]
      .filter(([path]) => !named.has(path))
      .map(([path, kinds]): Finding => {
        const message = `\`${folder}/${path}\` was not written by tierwall for this folder, and is in none of its kustomizations; it holds ${kinds.join(', ')}`;
        const hint = 'keep it in a folder of its own, unless it is to be applied with the policies';
        return {
          rule: requireCommittedOutput.id,
          severity: 'info',
          message,
          place: { file: `${folder}/${path}` },
          related: [],
          hint,
        };
      }),
  );
  if (differences.length === 0) {
    return {
      id: 'output',
      verdict: 'passed',
      summary: `${folder}: up to date, ${counted(policies, 'policy', 'policies')}`,
      items: noted,
    };
  }
  const findings = (Object.keys(texts) as Difference['kind'][]).flatMap((kind) => {
    const own = differences.filter((difference) => difference.kind === kind);
    // Files that are there are named one by one; that there are none is one thing to do.
    if (own.length > 1 && (kind === 'added' || kind === 'untracked')) {
      const message = `${counted(own.length, 'file')} of \`${folder}\`: ${allTexts[kind]}`;
      return [findingOf(kind, message, { file: folder }, folder)];
    }
    return own.map((difference) => {
      const line = firstDifferentLine(difference);
      const file = `${folder}/${difference.path}`;
      const place = { file, ...(line === undefined ? {} : { line }) };
      return findingOf(kind, `\`${file}\`: ${texts[kind]}`, place, folder);
    });
  });
  const summary = `${folder}: files not as the code gives them: ${differences.length}`;
  return { id: 'output', verdict: 'failed', summary, items: [...foundItems(findings), ...noted] };
}

function findingOf(kind: Difference['kind'], message: string, place: Place, folder: string): Finding {
  const { id, severity, todo } = requireCommittedOutput;
  const hint = hints[kind]?.(folder) ?? todo;
  return { rule: id, severity, message, place, related: [], hint };
}

/** In the file that is there, from 1. */
function firstDifferentLine({ kind, before, after }: Difference): number | undefined {
  if (kind !== 'changed') return undefined;
  const [own, given] = [before ?? '', after ?? ''].map((text) => text.split('\n')) as [string[], string[]];
  const index = own.findIndex((line, i) => line !== given[i]);
  return index < 0 ? own.length : index + 1;
}
