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
  PolicyConstruct,
} from '../../model/explanation';
import { counted } from '../connectivity/visible-text';
import { toYaml } from '../yaml';

/** As in `deploy/cart.yaml:12`; empty where nothing is known. */
export function placeText({ file, line }: ListedPlace): string {
  return file === undefined ? '' : file + (line === undefined ? '' : `:${line}`);
}

/** The line of the code before the one that is written for it, as in `main.ts:12, written to policies/production/shop/tierwall-cart.yaml:3`. */
export function codeAndPlaceText(place: ListedPlace, code: readonly ListedPlace[]): string {
  const [lines, written] = [code.map(placeText).filter(Boolean).join(', '), placeText(place)];
  return lines !== '' && written !== '' ? `${lines}, written to ${written}` : lines || written;
}

/** Of what a policy or rule comes from: the statements that ask for it, else the construct. */
export function codeOf({ code, construct }: Pick<AllowingRule, 'code' | 'construct'>): readonly ListedPlace[] {
  return code ?? (construct ? [{ ...construct }] : []);
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
  const who = selects === '' ? `every pod of ${namespaceOf(policy)}` : `pods ${selects}`;
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

/** Whether a rule lacks only the right port, or only the right peer. */
export function isNear({ ports, peers }: FailingRule): boolean {
  return ports.length === 0 || peers.some(({ fits }) => fits === 'yes');
}

/** A rule that is for other peers and other ports, in a line. */
export function farText({ rule, ports, peers }: FailingRule): string {
  const wanted = ports.flatMap((mismatch) => ('wanted' in mismatch ? [mismatch.wanted] : []));
  const [first] = peers;
  const more = peers.length > 1 ? ` and ${peers.length - 1} more` : '';
  return `${rule} is for ${first?.text}${more} on ${wanted.join(', ')}`;
}

/** Why a rule does not allow, a line for each reason. */
export function failingTexts(
  { ports, peers }: FailingRule,
  { direction }: ExplainedSide,
  { source, destination }: ExplainedCase,
): string[] {
  const peer = direction === 'egress' ? destination.text : source.text;
  const portTexts = ports.map((mismatch) => mismatchText(mismatch, peer, destination.text));
  const near = peers.find(({ fits }) => fits === 'yes') ?? peers.find(({ fits }) => fits === 'perhaps');
  if (near) return [`the peer ${near.fits === 'yes' ? 'fits' : 'may fit'} (${near.text}), but ${portTexts.join('; ')}`];
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
export function codeText(fix: Fix): string {
  const constructs = constructsIn(fix);
  if (constructs.length === 0) return 'With tierwall, in TypeScript';
  const where = constructs.map(({ path, file, line }) => (file ? `${path} (${file}:${line})` : path));
  const those = constructs.length === 1 ? 'this policy' : 'these policies';
  return `tierwall writes ${those} from ${where.join(' and ')}: change the TypeScript, not the YAML, which the next synth writes anew`;
}

export function namesText({ typescript }: Fix): string {
  return typescript.names.map(({ name, stands }) => `${name} is ${stands}`).join(', ');
}

/** The code to be changed, each construct once. */
export function constructsIn({ changes }: Fix): PolicyConstruct[] {
  const all = changes.flatMap(({ constructs }) => constructs);
  return all.filter(({ path }, i) => all.findIndex((other) => other.path === path) === i);
}

export function changeText(change: Change): string {
  const head = change.constructs.length > 0 ? 'Which comes to' : 'As YAML,';
  if (change.kind === 'new-policy') return `${head} a new policy in ${namespaceOf(change.policy)}`;
  const place = placeText(change.place);
  return `${head} one more entry of spec.${change.direction} in ${change.policy}${place ? ` (${place})` : ''}`;
}

function namespaceOf(policy: string): string {
  return policy.slice(0, policy.indexOf('/'));
}

/** What tierwall writes by itself is there to be seen, and not to be copied: of long lists it has the length. */
export function changeYaml(change: Change): string {
  const yaml = toYaml(change.kind === 'new-policy' ? change.object : [change.rule]);
  return change.constructs.length === 0 ? yaml : yaml.replace(longExcept, countedExcept);
}

const longExcept = /^( *)except:\n((?:\1- \S+\n){4,})/gm;

function countedExcept(_all: string, indent: string, ranges: string): string {
  return `${indent}except: # ${ranges.split('\n').length - 1} ranges\n`;
}

/** What the changes open, and for whom else. */
export function opensTexts({ changes }: Fix): string[] {
  const flows = changes.map(({ direction, opens: { subject, peer, ports, alsoSubjects, alsoPeers } }) => {
    const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
    const also = [...alsoSubjects, ...alsoPeers];
    const others = also.length > 0 ? `; these are also the labels of ${joined(also)}` : '';
    return `${from} → ${to} on ${ports.join(', ')}${others}`;
  });
  const [first, second] = flows;
  if (second === undefined || first === second) return [`This opens ${first}, and nothing else.`];
  return flows.map((flow, i) => `This opens ${changes[i]!.direction} of ${flow}, and nothing else.`);
}

/** What is tried out is what the changes come to as YAML, and not the code, which only its app can run. */
export function outcomeText(fix: Fix): string {
  const { changes, verdict } = fix;
  const count = changes.length === 1 ? 'this change' : 'both changes';
  const these = constructsIn(fix).length === 0 ? count : `${count} of the policies`;
  return verdict === 'allowed'
    ? `Tried out: with ${these} the verdict is allowed.`
    : `Tried out: with ${these} the verdict is ${verdict}, no longer denied; what is open is said above or needs --cni.`;
}
