/** What a label of the scheme is about. */
export type LabelRole = 'name' | 'tier' | 'team' | 'environment';

export interface LabelSchemeProps {
  /** Carries a service's name on its pods. @default app.kubernetes.io/name */
  readonly name?: string;
  /** Carries a tier's name on pods. @default tierwall.dev/tier */
  readonly tier?: string;
  /** Carries the owning team on namespaces and pods. @default tierwall.dev/team */
  readonly team?: string;
  /** Carries the environment on namespaces and pods. @default tierwall.dev/environment */
  readonly environment?: string;
  /** The values that a label of the scheme may have. @default any */
  readonly allowed?: Partial<Record<LabelRole, readonly string[]>>;
  /** The labels of the scheme that every workload must carry. @default none */
  readonly required?: readonly LabelRole[];
}

export const labelRoles: readonly LabelRole[] = ['name', 'tier', 'team', 'environment'];

/** Which label keys carry name, tier, team and environment, so that labels are used consistently. */
export class LabelScheme {
  readonly keys: Readonly<Record<LabelRole, string>>;
  readonly allowed: Partial<Record<LabelRole, readonly string[]>>;
  readonly required: readonly LabelRole[];

  constructor(
    /** Looked at by the environment that uses the scheme, with all else that may be wrong. @internal */
    readonly given: LabelSchemeProps = {},
  ) {
    const props: LabelSchemeProps = given ?? {};
    this.keys = {
      name: props.name ?? 'app.kubernetes.io/name',
      tier: props.tier ?? 'tierwall.dev/tier',
      team: props.team ?? 'tierwall.dev/team',
      environment: props.environment ?? 'tierwall.dev/environment',
    };
    this.allowed = props.allowed ?? {};
    this.required = props.required ?? [];
  }
}
