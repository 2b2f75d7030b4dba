import type { EnvironmentModel } from '../model/program';

/**
 * Whose an object of the app is, among environments that it may be of: where clusters share a namespace's name, its environment label
 * tells; without one, it may be anyone's.
 */
export function environmentsOf(
  labels: Readonly<Record<string, unknown>>,
  environments: readonly EnvironmentModel[],
): readonly EnvironmentModel[] {
  const own = environments.filter(({ name, scheme }) => labels[scheme.keys.environment] === name);
  return own.length > 0 ? own : environments;
}
