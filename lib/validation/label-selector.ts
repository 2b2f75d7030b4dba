import { forbidden, invalid, type Report, required } from './field-error';
import type { FieldPath } from './field-path';
import { fieldsOf, isSet, itemsOf, textOf } from './json-value';
import { labelValue, qualifiedName, type TextFormat } from './text-format';

/** Whether the values of matchExpressions must be valid label values, or are tolerated because they are stored already. */
export type SelectorValues = 'checked' | 'tolerated';

type ValuesRule = 'some' | 'none';

const operators: ReadonlyMap<string, ValuesRule> = new Map([
  ['In', 'some'],
  ['NotIn', 'some'],
  ['Exists', 'none'],
  ['DoesNotExist', 'none'],
]);

/** Reports a text that is not of the format, once for each rule that it breaks. */
export function checkText(text: string, format: TextFormat, path: FieldPath, report: Report): void {
  for (const message of format(text)) {
    report(invalid(path, text, message));
  }
}

/** The rules for labels, be they of an object or required by a selector; errors name the map, never the key in it. */
export function checkLabels(labels: unknown, path: FieldPath, report: Report): void {
  const fields = fieldsOf(labels);
  for (const key of Object.keys(fields)) {
    checkText(key, qualifiedName, path, report);
    checkText(textOf(fields[key]), labelValue, path, report);
  }
}

/** An absent or empty selector is valid. */
export function checkLabelSelector(selector: unknown, values: SelectorValues, path: FieldPath, report: Report): void {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  if (isSet(matchLabels)) {
    checkLabels(matchLabels, path.child('matchLabels'), report);
  }
  itemsOf(matchExpressions).forEach((expression, i) => {
    checkExpression(expression, values, path.child('matchExpressions').index(i), report);
  });
}

function checkExpression(expression: unknown, policy: SelectorValues, path: FieldPath, report: Report): void {
  const { key, operator, values } = fieldsOf(expression);
  const given = itemsOf(values);
  const rule = operators.get(textOf(operator));
  if (rule === undefined) {
    report(invalid(path.child('operator'), textOf(operator), 'not a valid selector operator'));
  } else if (rule === 'some' && given.length === 0) {
    report(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (rule === 'none' && given.length > 0) {
    report(forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  }
  checkText(textOf(key), qualifiedName, path.child('key'), report);
  if (policy === 'checked') {
    given.forEach((value, i) => {
      checkText(textOf(value), labelValue, path.child('values').index(i), report);
    });
  }
}
