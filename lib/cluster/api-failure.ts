import type { Issue } from '../model/issue';

/** What kept a request from its answer. */
export type FailureKind =
  /** No connection, or one that broke off. */
  | 'unreachable'
  /** The server's certificate is not one that the kubeconfig trusts. */
  | 'untrusted'
  | 'timed-out'
  /** 401: no credentials, or expired ones. */
  | 'unauthorized'
  /** 403: RBAC. */
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  /** 410: the resource version is too old. */
  | 'gone'
  /** 429. */
  | 'throttled'
  /** 5xx. */
  | 'server'
  /** Any other answer that is no success. */
  | 'refused';

/** An answer of the API server that is no success, or the lack of one. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    readonly kind: FailureKind,
    /** As in `list pods of cluster kind-dev`. */
    readonly request: string,
    /** What the server or the system says. */
    readonly detail: string,
    readonly status?: number,
    /** Seconds that the server asks to wait. */
    readonly retryAfter?: number,
  ) {
    super(`${request}: ${detail}`);
  }

  /** Whether the same request may succeed a little later. */
  get isTransient(): boolean {
    return ['unreachable', 'timed-out', 'throttled', 'server'].includes(this.kind);
  }

  toIssue(): Issue {
    const { kind, request, detail } = this;
    const status = this.status === undefined ? '' : ` (${this.status})`;
    const message = `cannot ${request}: ${detail}${status}`;
    // Admission and namespaces that are being deleted refuse with the same status as RBAC, which names user and verb.
    const isByRole = kind !== 'forbidden' || / cannot [a-z]+ /.test(detail);
    return { code: `cluster-${kind}`, message, place: {}, hint: isByRole ? hints[kind] : hints.refused };
  }
}

const hints: Readonly<Record<FailureKind, string>> = {
  unreachable: 'is the server of that context up, and reachable from here?',
  untrusted:
    "set `certificate-authority` of the cluster in the kubeconfig to the authority that signed the server's certificate",
  'timed-out': 'the server is slow or the network drops packets; try again',
  unauthorized: 'log in again, so that the kubeconfig has credentials that have not expired',
  forbidden:
    'let an administrator apply what `tierwall rbac` prints; `--for` says what is done, and `--cluster` names kinds that are installed there',
  'not-found': 'does the server serve this, in that version?',
  conflict: 'somebody else changed it at the same time; try again',
  gone: 'try again',
  throttled: 'the server is overloaded; try again later',
  server: 'the server has a problem; its log says more',
  refused: 'the server does not accept that, and says why',
};

/** @param code of the HTTP answer */
export function kindOfStatus(code: number): FailureKind {
  const kinds: Readonly<Record<number, FailureKind>> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not-found',
    408: 'timed-out',
    409: 'conflict',
    410: 'gone',
    429: 'throttled',
    504: 'timed-out',
  };
  return kinds[code] ?? (code >= 500 ? 'server' : 'refused');
}

/** @param code of the system or of TLS, as in `ECONNREFUSED` */
export function kindOfSystemError(code: string | undefined): FailureKind {
  if (code === 'ETIMEDOUT') return 'timed-out';
  return code !== undefined && /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code) ? 'untrusted' : 'unreachable';
}
