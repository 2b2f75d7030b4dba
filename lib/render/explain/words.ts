import type { ListedPlace } from '../../model/connectivity-listing';
import type {
  AllowingRule,
  Change,
  ExplainedCase,
  ExplainedDoubt,
  ExplainedPolicy,
  ExplainedSide,
  Explanation,
  FailingRule,
  Fix,
  Mismatch,
} from '../../model/explanation';
import { counted } from '../connectivity/visible-text';
import { toYaml } from '../yaml';

/** As in `deploy/cart.yaml:12`; empty where nothing is known. */
export function placeText({ file, line }: ListedPlace): string {
  return file === undefined ? '' : file + (line === undefined ? '' : `:${line}`);
}

/** As in `shop/frontend → shop/cart on 7070/TCP`. */
export function questionText({ source, destination, ports }: ExplainedCase): string {
  return `${source.text} → ${destination.text} on ${portsText(ports)}`;
}

export function portsText(ports: readonly string[]): string {
  return ports.length === 1 && ports[0] === '*' ? 'every port' : ports.join(', ');
}

/** Counts of verdicts, where there are several. */
export function summaryText({ cases }: Explanation): string {
  const parts = (['denied', 'unknown', 'allowed'] as const).flatMap((decision) => {
    const count = cases.filter((one) => one.decision === decision).length;
    return count > 0 ? [`${count} ${decision}`] : [];
  });
  return `${counted(cases.length, 'verdict')}: ${parts.join(', ')}`;
}

export function sideHeading({ direction, decision }: ExplainedSide, { source, destination }: ExplainedCase): string {
  return `${direction === 'egress' ? 'Egress' : 'Ingress'} of ${(direction === 'egress' ? source : destination).text}: ${decision}`;
}

/** Why a side that nothing isolates allows all; undefined where something does. */
export function openText({ isolation, direction, isolatedBy }: ExplainedSide, cni: string): string | undefined {
  switch (isolation) {
    case 'outside':
      return 'an address outside the cluster: no policy isolates it';
    case 'open':
      return `no NetworkPolicy selects it for ${direction}`;
    case 'not-enforced':
      return `${isolatedBy.map(({ policy }) => policy).join(', ')} would isolate it, but ${cni} does not enforce that`;
    case 'isolated':
      return undefined;
  }
}

export function isolationText({ policy, selects, construct }: ExplainedPolicy): string {
  const namespace = policy.slice(0, policy.indexOf('/'));
  const who = selects === '' ? `every pod of ${namespace}` : `pods ${selects}`;
  return `isolated by ${policy}, which selects ${who}${construct ? ` (construct ${construct.path})` : ''}`;
}

/** The same of a side that a rule allows, in short. */
export function isolatedByText({ isolatedBy }: ExplainedSide): string {
  return `isolated by ${joined(isolatedBy.map(({ policy }) => policy))}`;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function allowingText({ rule, peers, ports, holds, construct }: AllowingRule): string {
  const from = peers.map(({ text }) => text).join('; ');
  const part = holds === 'part' ? ' part of it' : ' it';
  return `${rule} allows${part}: ${from} on ${ports.map(({ text }) => text).join('; ')}${construct ? ` (construct ${construct.path})` : ''}`;
}

/** That no rule allows, or which of them come near. */
export function noRuleText(
  { failing, direction }: ExplainedSide,
  { source, destination, ports }: ExplainedCase,
): string {
  const [what, peer] = direction === 'egress' ? ['to', destination.text] : ['from', source.text];
  if (failing.length === 0)
    return `nothing allows ${direction} ${what} ${peer} on ${portsText(ports)}: no policy that selects it has an ${direction} rule`;
  const count = failing.length === 1 ? 'the only rule does not match' : `none of the ${failing.length} rules matches`;
  return `nothing allows ${direction} ${what} ${peer} on ${portsText(ports)}: ${count}`;
}

/** Why a rule does not allow, a line for each reason. */
export function failingTexts(
  { ports, peers }: FailingRule,
  { direction }: ExplainedSide,
  { source, destination }: ExplainedCase,
): string[] {
  const peer = direction === 'egress' ? destination.text : source.text;
  const portTexts = ports.map((mismatch) => mismatchText(mismatch, peer, destination.text));
  const fits = peers.find(({ mismatches }) => mismatches.length === 0);
  if (fits) return [`${fits.text} fits, but ${portTexts.join('; ')}`];
  const peerTexts = peers.map(({ text, mismatches }) => {
    const reasons = mismatches.map((mismatch) => mismatchText(mismatch, peer, destination.text));
    return `wants ${text}, but ${reasons.join('; ')}`;
  });
  return [...peerTexts, ...portTexts];
}

export function mismatchText(mismatch: Mismatch, peer: string, destination: string): string {
  const { kind } = mismatch;
  switch (kind) {
    case 'protocol':
    case 'port':
      return `the rule is for ${mismatch.wanted}, not ${mismatch.found}`;
    case 'port-name':
      return mismatch.found === undefined
        ? `${destination} has no port ${mismatch.wanted}`
        : `${mismatch.wanted} is ${mismatch.found} at ${destination}`;
    case 'namespace':
      return `${peer} is in namespace ${mismatch.found}`;
    case 'namespace-label': {
      const assumed = mismatch.labels === 'assumed' ? ' as far as is known: no Namespace object is in the input' : '';
      return mismatch.found === undefined
        ? `the namespace of ${peer} has no label ${mismatch.key}${assumed}`
        : `the namespace of ${peer} has ${mismatch.key}=${mismatch.found}${assumed}`;
    }
    case 'label':
      return mismatch.found === undefined
        ? `${peer} has no label ${mismatch.key}`
        : `${peer} has ${mismatch.key}=${mismatch.found}`;
    case 'address':
      return `${mismatch.found} is not in it`;
    case 'except':
      return `${mismatch.found} is in its except ${mismatch.wanted}`;
    case 'pods-only':
      return `${peer} is an address outside the cluster`;
    case 'addresses-only':
      return `with ${mismatch.cni} an ipBlock matches no such pod${mismatch.source ? ` (${mismatch.source})` : ''}`;
    case 'host-network':
      return `with ${mismatch.cni} selectors do not pick pods on the host network${mismatch.source ? ` (${mismatch.source})` : ''}`;
  }
}

export function doubtText({ question, about, settle }: ExplainedDoubt): string {
  return `${question}${about ? ` It decides what ${about} means.` : ''} To settle it, ${settle}.`;
}

/** What the plugins that decide make of it. */
export function byCniTexts({ byCni }: ExplainedCase): string[] {
  if (!byCni) return [];
  return (['allowed', 'denied', 'unknown'] as const).flatMap((decision) =>
    byCni[decision].length > 0 ? [`${decision} with --cni ${byCni[decision].join(', ')}`] : [],
  );
}

/** Which code to change, where tierwall wrote the policies. */
export function codeText({ constructs }: Fix): string {
  if (constructs.length === 0) return 'With tierwall, in TypeScript:';
  const where = constructs.map(({ path, file, line }) => (file ? `${path} (${file}:${line})` : path));
  return `tierwall wrote these policies from ${where.join(' and ')}: change the TypeScript, since the next synth undoes changes of the YAML`;
}

export function namesText({ typescript }: Fix): string {
  return typescript.names.map(({ name, stands }) => `${name} is ${stands}`).join(', ');
}

export function changeText(change: Change): string {
  if (change.kind === 'new-policy') return `a new policy in ${change.policy.slice(0, change.policy.indexOf('/'))}`;
  const place = placeText(change.place);
  return `one more entry of spec.${change.direction} in ${change.policy}${place ? ` (${place})` : ''}`;
}

export function changeYaml(change: Change): string {
  return toYaml(change.kind === 'new-policy' ? change.object : [change.rule]);
}

/** What the change opens. */
export function opensText({ direction, opens }: Change): string {
  const { subject, peer, ports, alsoSubjects, alsoPeers } = opens;
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
  const others = [...alsoSubjects, ...alsoPeers];
  const also = others.length > 0 ? `, which are also the labels of ${[...new Set(others)].join(', ')}` : '';
  return `opens ${direction} ${direction === 'egress' ? 'at the source' : 'at the destination'}: ${from} → ${to} on ${ports.join(', ')}${also}`;
}

export function outcomeText({ changes, verdict }: Fix): string {
  const these = changes.length === 1 ? 'this change' : 'both changes';
  return verdict === 'allowed'
    ? `Tried out: with ${these} the verdict is allowed.`
    : `Tried out: with ${these} the verdict is ${verdict}, no longer denied; what is open is said above or needs --cni.`;
}
