import { LabelBox, type Requirement } from '../sets/label-box';

/** Reads labels as `app=web,tier=a|b,!debug,zone,env!=dev`: what {@link LabelBox.toString} writes. @returns what is no label */
export function readLabels(text: string): LabelBox | { readonly wrong: string } {
  const requirements: Requirement[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, not, key = '', sign, values] = /^(!?)([^=!|]+?)(?:(!?=)(.*))?$/.exec(entry) ?? [];
    if (key === '' || (not && sign)) return { wrong: entry };
    if (not) requirements.push({ key, operator: 'DoesNotExist' });
    else if (sign === undefined) requirements.push({ key, operator: 'Exists' });
    else requirements.push({ key, operator: sign === '=' ? 'In' : 'NotIn', values: values!.split('|') });
  }
  return LabelBox.of(requirements);
}
