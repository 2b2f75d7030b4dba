import type { AppliedEnvironment, AppliedStep } from '../../model/applied';
import { counted, visible } from '../connectivity/visible-text';
import type { Paint } from '../paint';

/** A step, as it is done. */
export function stepToTxt({ text, cuts }: AppliedStep, paint: Paint): string {
  return `  ${visible(text)}${cuts ? paint.red(` (cuts ${visible(cuts)} until it is done)`) : ''}\n`;
}

export function headToTxt(
  { environment, cluster }: Pick<AppliedEnvironment, 'environment' | 'cluster'>,
  paint: Paint,
): string {
  return `${paint.bold(visible(environment))} → cluster ${visible(cluster)}\n`;
}

export function outcomeToTxt({ outcome, steps, problems }: AppliedEnvironment, paint: Paint): string {
  const count = counted(steps.length, 'step');
  const lines = problems.map((problem) => `  ${paint.red('error:')} ${visible(problem)}\n`).join('');
  const words: Readonly<Record<AppliedEnvironment['outcome'], string>> = {
    applied: steps.length === 0 ? paint.green('as declared already') : paint.green(`${count}; now as declared`),
    'would-apply': steps.length === 0 ? 'as declared already' : `${count}, of which nothing is kept`,
    'check-failed': paint.red(`${count}, and the check failed`),
    failed: paint.red(`failed after ${count}`),
    'not-reached': paint.dim('not applied'),
  };
  return `${lines}  ${words[outcome]}\n`;
}
