import { didYouMean } from '../constructs/did-you-mean';
import { bad, isRecord, type Problem } from '../constructs/options';

type Registry = typeof import('../lint/registry.js');

/**
 * Rules that settings name, and that do not exist. Which there are is known where the rules are: those are loaded only where some are named.
 * @param given the settings, as they are written
 */
export async function unknownRules(given: unknown, prefix: string): Promise<Problem[]> {
  const lint: unknown = isRecord(given) && 'lint' in given ? given.lint : undefined;
  const rules: unknown = isRecord(lint) && 'rules' in lint ? lint.rules : undefined;
  if (!isRecord(rules)) return [];
  // Jest has no `import()` unless it is told to.
  const registry = await import('../lint/registry.js').catch(() => require('../lint/registry.js') as Registry);
  const { lintDescriptors } = registry;
  const ids = lintDescriptors.map(({ id }) => id);
  return Object.keys(rules).flatMap((id) => {
    if (ids.includes(id)) return [];
    const hint = didYouMean(id, ids) ?? '`tierwall rules` lists them';
    return [bad(`\`${prefix}lint.rules.${id}\`: there is no rule \`${id}\``, hint)];
  });
}
