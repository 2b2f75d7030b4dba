/**
 * Labels that controllers, charts and delivery tools put on pods and that change with a release, a revision or a run. A selector
 * made of them would stop matching at the next roll-out. `release` is not among them: charts use it to tell installations apart.
 */
const volatileLabels: readonly RegExp[] = [
  /^helm\.sh\/chart$/,
  /^chart$/,
  /^heritage$/,
  /^version$/,
  /^app\.kubernetes\.io\/(version|managed-by)$/,
  /^pod-template-(hash|generation)$/,
  /^controller-(revision-hash|uid)$/,
  /^job-name$/,
  /^batch\.kubernetes\.io\//,
  /^statefulset\.kubernetes\.io\//,
  /^apps\.kubernetes\.io\/pod-index$/,
  /^argocd\.argoproj\.io\//,
  /^rollouts-pod-template-hash$/,
  /^(kustomize|helm)\.toolkit\.fluxcd\.io\//,
];

export function isVolatileLabel(key: string): boolean {
  return volatileLabels.some((pattern) => pattern.test(key));
}

/** The labels that stay the same from release to release. */
export function stableLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isVolatileLabel(key)));
}
