/** What may be production comes last, also where it is called something of tests besides. */
const production = /(?:^|-)(?:prod|production|prd|live)(?:-.*|\d*)$/;
/** Words in the names of environments, in the order in which these are changed; any other one comes before production. */
const order: readonly RegExp[] = [
  /^(?:.*-)?(?:dev|develop|development|test|testing|ci|qa|sandbox|local)(?:-.*|\d*)$/,
  /^(?:.*-)?(?:stage|staging|uat|preprod|pre-prod|pre-production|canary)(?:-.*|\d*)$/,
  /^(?!.*prod).*$/,
];

/** Environments in waves: tests, then staging, then others, then production; those of one wave by name. */
export function wavesOf(environments: readonly string[], asked: readonly string[]): readonly (readonly string[])[] {
  if (asked.length > 0) return asked.map((wave) => wave.split(',').filter((name) => name !== ''));
  const rank = (name: string) => {
    const own = name.toLowerCase();
    const isLast = production.test(own) && !/(?:^|-)(?:pre|canary)(?:-|$)/.test(own);
    const found = isLast ? -1 : order.findIndex((pattern) => pattern.test(own));
    return found < 0 ? order.length : found;
  };
  const ranks = [...new Set(environments.map(rank))].sort();
  return ranks.map((own) => environments.filter((name) => rank(name) === own).sort());
}
