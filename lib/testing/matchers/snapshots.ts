import { createTwoFilesPatch } from 'diff';
import { anything, options as known } from '../../constructs/options';
import { counted, visible } from '../../render/connectivity/visible-text';
import { checkOptions } from '../check-options';
import { bad, type Party, partyTexts } from '../party';
import { recordAssertion } from '../recording/record';
import { connectivityText, snapshotChange } from '../snapshot/connectivity-text';
import { policiesText } from '../snapshot/policies-text';
import { matchSnapshotFile, type RunnerState, type SnapshotOutcome } from '../snapshot/snapshot-file';
import { type MatcherOutcome, networkOf } from './outcome';

export interface ConnectivitySnapshotOptions {
  /** Of the snapshot, where a test has several. @default the test's name */
  readonly name?: string;
  /** Only connections of these workloads. @default all */
  readonly focus?: Party | readonly Party[];
}

const connectivityOptions = known<ConnectivitySnapshotOptions>('toMatchConnectivity', {
  name: anything,
  focus: anything,
});
const policiesOptions = known<{ readonly name?: string }>('toMatchPolicies', { name: anything });

export function toMatchConnectivity(
  this: RunnerState,
  received: unknown,
  options: ConnectivitySnapshotOptions = {},
): MatcherOutcome {
  const network = networkOf(received);
  checkOptions(options, connectivityOptions);
  const focus = options.focus === undefined ? undefined : partyTexts(options.focus);
  const text = connectivityText(network, focus);
  const outcome = compared(this, options.name, 'connectivity.txt', text);
  if (isSame(outcome)) recordAssertion(network, { kind: 'connectivity', ...(focus ? { focus } : {}) }, this);
  return resultOf(outcome, (before) => {
    const { opened, closed } = snapshotChange(before, text);
    return [
      `connections changed: ${counted(opened.length, 'opened', 'opened')}, ${counted(closed.length, 'closed', 'closed')}`,
      ...opened.map((line) => `  + ${visible(line)}`),
      ...closed.map((line) => `  - ${visible(line)}`),
    ].join('\n');
  });
}

export function toMatchPolicies(
  this: RunnerState,
  received: unknown,
  options: { readonly name?: string } = {},
): MatcherOutcome {
  const network = networkOf(received);
  checkOptions(options, policiesOptions);
  const text = policiesText(network);
  const outcome = compared(this, options.name, 'policies.yaml', text);
  if (isSame(outcome)) recordAssertion(network, { kind: 'policies' }, this);
  return resultOf(outcome, (before) => {
    const [, , , , ...lines] = createTwoFilesPatch('', '', before, text, '', '', { context: 4 }).split('\n');
    return ['policies changed:', ...lines].join('\n').trimEnd();
  });
}

function compared(state: RunnerState, name: string | undefined, ending: string, text: string): SnapshotOutcome {
  if (state.isNot) throw bad('a snapshot has no opposite', 'leave out `.not`');
  return matchSnapshotFile(state, name, ending, text);
}

function isSame({ kind }: SnapshotOutcome): boolean {
  return kind === 'same' || kind === 'written';
}

function resultOf(outcome: SnapshotOutcome, changeOf: (before: string) => string): MatcherOutcome {
  return {
    pass: isSame(outcome),
    message: () => {
      if (outcome.kind === 'different')
        return `${changeOf(outcome.before)}\n\nnot as in ${outcome.file}; run the tests with -u if that is meant`;
      return outcome.kind === 'missing' ? `there is no ${outcome.file}, and in CI none is written` : '';
    },
  };
}
