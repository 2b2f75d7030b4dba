import { applyEdits } from '../../lib/model/apply-edits';
import type { TextEdit } from '../../lib/model/finding-report';

/** The text with all of these edits made. @throws Error if some of them touch each other */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const result = applyEdits(text, edits);
  if (result.made !== edits.length) throw new Error(`${edits.length - result.made} edits touch others`);
  return result.text;
}
