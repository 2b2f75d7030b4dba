import { bad, type Check, list, type Options, oneOf, options, show, text } from '../constructs/options';
import { type RiskId, riskIds } from '../model/risk';

/** How a change is judged. */
export interface DiffConfig {
  /** Risks that a change must not bring about, or `any`: then its meaning must be the same. @default ['any'], or none beside budgets */
  readonly failOn?: readonly (RiskId | 'any')[];
  /** How much of a risk may pass: pairs of workloads, workloads where addresses or isolation are concerned, else rows. @default nothing */
  readonly budgets?: Readonly<Partial<Record<RiskId, number>>>;
  /** A file of approvals. @default tierwall.approvals.yaml, where it is there */
  readonly approvals?: string;
}

const amounts: Check = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [bad(`\`${name}\` is \`${show(value)}\`, which is no mapping`, 'write it as `{ widened: 10 }`')];
  }
  return Object.entries(value).flatMap(([risk, amount]) => {
    const unknown = oneOf(...riskIds)(risk, `${name}.${risk}`);
    if (unknown.length > 0 || (Number.isInteger(amount) && (amount as number) >= 0)) return unknown;
    return [bad(`\`${name}.${risk}\` is \`${show(amount)}\`, which is no amount`, 'write a whole number, as 10')];
  });
};

/** Nobody could tell whether a list of nothing fails on nothing, or on anything. */
const risks: Check = (value, name) =>
  Array.isArray(value) && value.length === 0
    ? [
        bad(
          `\`${name}\` is an empty list`,
          'write what fails, as `[internet, isolation-lost]`; or leave it out: then `check` fails on no change, and `diff` on any',
        ),
      ]
    : list(oneOf(...riskIds, 'any'))(value, name);

export const diffOptions: Options<DiffConfig> = options<DiffConfig>('diff', {
  failOn: risks,
  budgets: amounts,
  approvals: text('write the path of a file, as `tierwall.approvals.yaml`'),
});
