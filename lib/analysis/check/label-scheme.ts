import type { Issue } from '../../model/issue';
import { type LabelRole, labelRoles } from '../../model/label-scheme';
import type { Declared, EnvironmentModel, NamespaceModel, Program } from '../../model/program';
import { groupedBy } from '../grouping';
import type { KnownWorkload } from '../known-workload';
import { problem } from './problem';

type Labels = Readonly<Record<string, string>>;

/** Every name, team and workload fits the label scheme of its environment. */
export function checkLabelScheme(program: Program, workloads: readonly KnownWorkload[]): Issue[] {
  const issues: Issue[] = [];
  const ask = (
    declared: Declared,
    environment: EnvironmentModel,
    role: LabelRole,
    value: string | undefined,
    whose: string,
  ) => {
    const allowed = environment.scheme.allowed[role];
    if (value === undefined || !allowed || allowed.includes(value)) return;
    const message = `${role} \`${value}\` of ${whose} is not one that the label scheme allows`;
    issues.push(
      problem('label-not-allowed', declared, message, `use one of ${allowed.map((v) => `\`${v}\``).join(', ')}`),
    );
  };
  for (const e of program.environments) ask(e, e, 'environment', e.name, `environment \`${e.path}\``);
  for (const n of program.namespaces) ask(n, n.environment, 'team', n.team, `namespace \`${n.path}\``);
  for (const t of program.tiers) ask(t, t.namespace.environment, 'tier', t.name, `tier \`${t.path}\``);
  for (const s of program.services) {
    const { environment } = s.namespace;
    ask(s, environment, 'name', s.name, `service \`${s.path}\``);
    for (const role of Object.keys(environment.scheme.allowed) as LabelRole[]) {
      const values = s.pods.valuesOf(environment.scheme.keys[role]) ?? [];
      for (const value of values) ask(s, environment, role, value, `service \`${s.path}\``);
    }
  }
  for (const e of program.environments) issues.push(...rolesOfOneKey(e));

  const known = program.services.flatMap((s) =>
    s.known ? [{ ...s.known, namespace: s.namespace, declared: s as Declared }] : [],
  );
  const defined = workloads.map((w) => ({ ...w, declared: w.namespace as Declared }));
  const told = new Set<string>();
  for (const { declared, namespace, description, labels } of [...known, ...defined]) {
    const key = `${namespace.path} ${description}`;
    if (told.has(key)) continue;
    told.add(key);
    const { environment } = namespace;
    for (const role of labelRoles) ask(declared, environment, role, labels[environment.scheme.keys[role]], description);
    issues.push(...mismatches(declared, namespace, description, labels));
  }
  return issues;
}

function rolesOfOneKey(environment: EnvironmentModel): Issue[] {
  return [...groupedBy(labelRoles, (role) => environment.scheme.keys[role])].flatMap(([key, roles]) => {
    if (roles.length < 2) return [];
    const message = `the label scheme has \`${key}\` for both ${roles.join(' and ')}`;
    return [problem('label-scheme', environment, message, 'give each of them a key of its own')];
  });
}

function mismatches(declared: Declared, namespace: NamespaceModel, description: string, labels: Labels): Issue[] {
  const { keys, required } = namespace.environment.scheme;
  const issues: Issue[] = [];
  for (const role of required) {
    if (labels[keys[role]] === undefined) {
      const message = `${description} does not carry \`${keys[role]}\`, which the label scheme requires`;
      issues.push(problem('label-missing', declared, message, 'add the label to its pods'));
    }
  }
  for (const [role, expected] of [
    ['team', namespace.team],
    ['environment', namespace.environment.name],
  ] as const) {
    const value = labels[keys[role]];
    if (value !== undefined && expected !== undefined && value !== expected) {
      const message = `${description} carries \`${keys[role]}: ${value}\` in a namespace of ${role} \`${expected}\``;
      issues.push(problem('label-mismatch', declared, message, 'correct the label, or move the workload'));
    }
  }
  return issues;
}
