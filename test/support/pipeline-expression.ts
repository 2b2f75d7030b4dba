/** What an expression of a GitHub workflow comes to, as far as ours go: paths of a context, literals, calls, `&&`, `||`, `!`, `==` and `!=`. */
export function expressionValue(text: string, context: object): unknown {
  const paths = text.replace(/'[^']*'|[A-Za-z_][\w.]*(?!\w*\()/g, (word) =>
    word.startsWith("'") ? word : `at(${JSON.stringify(word)})`,
  );
  const at = (path: string) =>
    path.split('.').reduce<unknown>((own, name) => (own as Record<string, unknown> | undefined)?.[name], context);
  return new Function('at', 'always', 'hashFiles', `return ${paths}`)(
    at,
    () => true,
    () => 'some',
  );
}

/** The text with its expressions filled in: what is not there is empty. */
export function filledIn(text: string, context: object): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(expressionValue(expression, context) ?? ''),
  );
}
