import type { KubeConfig, User } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { fieldsOf, itemsOf, textOf } from '../validation/json-value';

/** As whom a user of a kubeconfig asks beside the name, which is all that the client knows. */
interface Impersonation {
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

type ImpersonatingUser = User & { readonly impersonation?: Impersonation };

/** Keeps `as-groups`, `as-uid` and `as-user-extra` of the kubeconfig's text with its users. @throws TypeError for other types */
export function withImpersonation(config: KubeConfig, text: string): KubeConfig {
  const found = new Map(
    itemsOf(fieldsOf(load(text))['users']).map((entry) => {
      const { name, user } = fieldsOf(entry);
      return [textOf(name), impersonationIn(fieldsOf(user), textOf(name))] as const;
    }),
  );
  config.users = config.users.map((user): ImpersonatingUser => {
    const impersonation = found.get(user.name);
    return impersonation ? { ...user, impersonation } : user;
  });
  return config;
}

/** Whether it names groups and others, but no user: the server would take the request as from whom it really is. */
export function isHalfImpersonation(user: ImpersonatingUser): boolean {
  return user.impersonation !== undefined && !user.impersonateUser;
}

/** What goes with each request, besides the name. */
export function impersonationHeaders({ impersonation }: ImpersonatingUser): Record<string, string | string[]> {
  if (!impersonation) return {};
  const { groups, uid, extra } = impersonation;
  return {
    ...(groups.length > 0 ? { 'Impersonate-Group': [...groups] } : {}),
    ...(uid ? { 'Impersonate-Uid': uid } : {}),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
}

function impersonationIn(user: Readonly<Record<string, unknown>>, name: string): Impersonation | undefined {
  const { 'as-groups': groups, 'as-uid': uid, 'as-user-extra': extra } = user;
  const texts = (value: unknown, field: string): string[] => {
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
    if (!isList) throw new TypeError(`\`${field}\` of user \`${name}\` is no list of texts`);
    return value;
  };
  const isGiven = (value: unknown) => value !== undefined && value !== null;
  if (isGiven(uid) && typeof uid !== 'string') throw new TypeError(`\`as-uid\` of user \`${name}\` is no text`);
  const impersonation = {
    groups: isGiven(groups) ? texts(groups, 'as-groups') : [],
    uid: textOf(uid),
    extra: Object.fromEntries(
      Object.entries(fieldsOf(extra)).map(([key, values]) => [key, texts(values, `as-user-extra.${key}`)]),
    ),
  };
  const { length } = [...impersonation.groups, ...Object.keys(impersonation.extra), ...(uid ? [uid] : [])];
  return length > 0 ? impersonation : undefined;
}
