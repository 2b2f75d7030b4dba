import type { DiffListing } from '../../model/diff-listing';
import { counted, grouped, visible } from '../connectivity/visible-text';
import { diffToTxt } from '../diff/txt';
import type { Paint } from '../paint';
import type { ShownEquivalence } from '../proof/equivalence';

/** What of an import is shown. */
export interface ShownImport {
  readonly version: 1;
  readonly out: string;
  readonly made: 'of policies' | 'of workloads';
  readonly files: readonly { readonly path: string; readonly state: 'written' | 'unchanged' }[];
  readonly namespaces: readonly string[];
  readonly policies: number;
  readonly services: number;
  readonly intents: number;
  readonly rules: { readonly total: number; readonly constructs: number; readonly share: number };
  readonly raw: readonly { readonly policy: string; readonly reason: string; readonly place: string }[];
  readonly proposals: readonly {
    readonly caller: string;
    readonly callee: string;
    readonly ports: string;
    readonly evidence: string;
  }[];
  readonly unsaid: readonly string[];
  /** The tighter app, where it was asked for. */
  readonly tighter?: {
    readonly out: string;
    readonly services: number;
    readonly intents: number;
    /** What of the change may be in use without any manifest telling. */
    readonly removed: readonly string[];
    readonly diff: DiffListing;
  };
  readonly leftOut: readonly string[];
  readonly unread: readonly string[];
  readonly open: readonly string[];
  /** The command that installs what the app needs. */
  readonly install: string;
  readonly proof: Pick<ShownEquivalence, 'statements' | 'differences'> & { readonly verdict: 'equal' | 'different' };
}

/** More of one kind are for the JSON. */
const most = 12;

/** What was imported, what was not and why, and what to do next. */
export function importToText(shown: ShownImport, paint: Paint): string {
  if (shown.proof.verdict === 'different') return `${differences(shown, paint).join('\n')}\n`;
  const sections = [
    imported(shown, paint),
    listed('kept as they are, since services and intents do not say them:', rawLines(shown)),
    listed('proposed, for what is written in the manifests; look at each:', proposalLines(shown)),
    listed('for you to say, since nothing else does:', shown.unsaid),
    listed('left out, and so not in the app:', shown.leftOut),
    listed('not read, and so still to be applied beside the app:', shown.unread),
    listed('without policies, so open in both directions, and not in the app:', shown.open),
    files(shown),
    tighter(shown, paint),
    next(shown),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function imported(shown: ShownImport, paint: Paint): string[] {
  const { made, policies, services, intents, namespaces, rules, proof } = shown;
  const app = `${counted(services, 'service')} and ${counted(intents, 'intent')} in ${counted(namespaces.length, 'namespace')}`;
  if (made === 'of workloads') {
    return [
      `no policies yet: everything is denied in ${counted(namespaces.length, 'namespace')}, but for what is proposed`,
      `${app}`,
      paint.green('proved: the policies of the app allow what it declares, and nothing else'),
    ];
  }
  return [
    `imported ${counted(policies, 'policy', 'policies')} as ${app}`,
    rules.total === 0
      ? 'they have no rules, and deny'
      : `${grouped(rules.constructs)} of ${counted(rules.total, 'rule')} (${rules.share} %) ${rules.total === 1 ? 'is' : 'are'} said by services and intents`,
    paint.green(
      `proved: the policies of the app allow exactly what the imported ones allow; ${counted(proof.statements, 'box', 'boxes')} of connections compared`,
    ),
  ];
}

function rawLines({ raw }: ShownImport): string[] {
  return raw.map(({ policy, reason, place }) => visible(`${policy}: ${reason}${place ? ` (${place})` : ''}`));
}

function proposalLines({ proposals }: ShownImport): string[] {
  return proposals.map(({ caller, callee, ports, evidence }) =>
    visible(`${caller} -> ${callee} on ${ports}: ${evidence}`),
  );
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > most ? [`  and ${lines.length - most} more: see \`--output json\``] : [];
  return [title, ...lines.slice(0, most).map((line) => `  ${visible(line)}`), ...more];
}

function files({ out, files: all }: ShownImport): string[] {
  const written = all.filter(({ state }) => state === 'written').map(({ path }) => path);
  if (written.length === 0) return [`${out} holds all of it already: nothing was written`];
  return [`wrote ${out}/`, ...written.map((path) => `  ${path}`)];
}

function tighter({ tighter: app }: ShownImport, paint: Paint): string[] {
  if (!app) return [];
  const size = `${counted(app.services, 'service')} and ${counted(app.intents, 'intent')}`;
  const title = `proposed beside it in ${app.out}/: a tighter app, ${size}, proved to allow no more. What it would change:`;
  const { connections, outside, possible } = app.diff;
  // Of pods that only could exist there is much to tell, and little to decide by, once there are others.
  const shortened = connections.length + outside.length > 0 && possible.length > 0;
  const known = diffToTxt(shortened ? { ...app.diff, possible: [] } : app.diff, paint)
    .trimEnd()
    .split('\n');
  const more = shortened ? ['', '  for pods that only could exist: see `--output json`'] : [];
  const lost = app.removed.map((text) => `    - ${visible(text)}`);
  const warning =
    lost.length > 0
      ? ['', '  It takes away what may be in use without any manifest telling; look at each:', ...lost]
      : [];
  return [title, ...warning, '', ...known.map((line) => line && `  ${line}`), ...more];
}

function next({ out, made, proposals, leftOut, unread, install }: ShownImport): string[] {
  const review =
    made === 'of policies'
      ? 'read the app, and give its services and reasons the words that your team uses'
      : proposals.length > 0
        ? 'read the app: keep the intents that are right, and add those that no manifest tells of'
        : 'say in the app who may talk to whom, as in `cart.allowFrom(frontend)`: until then everything is denied';
  const some = [...(leftOut.length > 0 ? ['left out'] : []), ...(unread.length > 0 ? ['not read'] : [])];
  const old = some.length > 0 ? `old ones that were imported, and none that was ${some.join(' or ')}` : 'old ones';
  return [
    'next:',
    `  1. ${review}`,
    `  2. cd ${out} && ${install} && npx tierwall synth     writes its policies, and proves them`,
    made === 'of policies'
      ? `  3. apply those beside the old ones, which changes nothing; then delete the ${old}, which changes nothing either`
      : '  3. try it where nobody is hurt: applied, its policies deny whatever the app does not say',
  ];
}

function differences({ proof }: ShownImport, paint: Paint): string[] {
  const lines = proof.differences.map(({ kind, direction, connection, allowedBy, place }) => {
    const where = place ? ` (${place})` : '';
    const text = `${kind === 'lost' ? 'only the imported policies allow' : 'only the app would allow'}, for ${direction}: ${connection}, by ${allowedBy}${where}`;
    return kind === 'lost' ? paint.red(`- ${visible(text)}`) : paint.green(`+ ${visible(text)}`);
  });
  return [
    ...lines,
    paint.red('not proved: the app would not mean what the policies mean, so nothing was written; please report this'),
  ];
}
