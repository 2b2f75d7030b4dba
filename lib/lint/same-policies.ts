import { equivalence } from '../analysis/prove/equivalence';
import { rawManifestsOfTexts } from '../read/raw-manifests';

/** Whether a text with edits still says what it said: the same objects, and policies that allow the same. */
export function samePolicies(file: string, before: string, after: string): boolean {
  const [old, fresh] = [before, after].map((text) => rawManifestsOfTexts([{ file, text }]));
  const identities = (input: typeof old) =>
    input!.objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).join();
  if (identities(old) !== identities(fresh) || fresh!.issues.length > old!.issues.length) return false;
  return equivalence(old!.cluster, fresh!.cluster).differences.length === 0;
}
