import fc from 'fast-check';

/** Mostly a value of the first list, at times one of the second. */
function either<T, U>(right: readonly T[], wrong: readonly U[], weight = 12): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );
}

/** Mostly what is given, at times a value of a type that no field has everywhere. */
function typed<T>(arbitrary: fc.Arbitrary<T>, weight = 60): fc.Arbitrary<T | unknown> {
  const wrong = fc.constantFrom<unknown>(true, 7, 1.5, 'text', [], {}, [null], null, { a: 'b' }, ['x'], 99_999_999_999);
  return fc.oneof({ weight, arbitrary }, { weight: 1, arbitrary: wrong });
}

/** Some of the fields, at times with one that does not exist. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[] = []) {
  const known = fc.record(fields as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [...required] });
  const extra = fc.constantFrom('form', 'Spec', 'podselector', 'port ', 'x-y');
  return fc.oneof(
    { weight: 80, arbitrary: known },
    { weight: 1, arbitrary: fc.tuple(known, extra).map(([object, key]) => ({ ...object, [key]: 'x' })) },
  );
}

const long = (length: number) => 'a'.repeat(length);
const keys = ['app', 'app.kubernetes.io/name', 'A_b-c.9', long(63), `${long(253)}/${long(63)}`, '9', 'a/b'];
const brokenKeys = [
  '',
  '-a',
  'a-',
  'a b',
  '/a',
  'a/',
  'a/b/c',
  'A.b/c',
  long(64),
  `${long(254)}/a`,
  'a..b/c',
  'ä',
  '_',
];
const values = ['', 'web', 'V1.2_3-x', long(63), '0'];
const brokenValues = ['-', 'a b', long(64), '.a', 'a_', 'ä', 'a/b', ' ', 'a\n'];

const labelMap = fc.dictionary(either(keys, brokenKeys, 40), either(values, brokenValues, 40), { maxKeys: 3 });

const expression = some(
  {
    key: either(keys, brokenKeys, 40),
    operator: either(['In', 'NotIn', 'Exists', 'DoesNotExist'], ['in', '', 'Equals', 'Gt'], 60),
    values: typed(fc.array(either(values, brokenValues, 40), { maxLength: 3 })),
  },
  ['key', 'operator'],
).map(usuallyConsistent);

/** Values where the operator takes some, and none elsewhere, in most cases. */
function usuallyConsistent(given: unknown): unknown {
  const { values: list, ...rest } = given as { values?: unknown; operator?: unknown };
  const takesSome = rest.operator === 'In' || rest.operator === 'NotIn';
  if (JSON.stringify(given).length % 9 === 0) return given;
  if (!takesSome) return rest;
  return Array.isArray(list) && list.length > 0 ? given : { ...rest, values: ['web'] };
}

const selector = typed(
  some({ matchLabels: typed(labelMap), matchExpressions: typed(fc.array(expression, { maxLength: 2 })) }),
);

const cidrs = [
  '10.0.0.0/8',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  '10.0.0.1/32',
  '10.1.2.3/8',
  '::ffff:10.0.0.0/104',
  '010.0.0.0/8',
];
const brokenCidrs = [
  '',
  ' ',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '::/129',
  'fe80::1%eth0/64',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '1.2.3.4/8 ',
  'a/8',
  '::1',
];
const exceptions = ['10.1.0.0/16', '10.0.0.0/9', '2001:db8:1::/48', '::ffff:10.1.0.0/112', '10.1.0.3/16'];
const brokenExceptions = [...brokenCidrs, '10.0.0.0/8', '11.0.0.0/16', '0.0.0.0/0', '::/1', '10.0.0.0/7'];

const ipBlock = some(
  {
    cidr: typed(either(cidrs, brokenCidrs)),
    except: typed(fc.array(either(exceptions, brokenExceptions, 5), { maxLength: 2 })),
  },
  ['cidr'],
);

const peer = typed(
  fc.oneof(
    { weight: 8, arbitrary: some({ podSelector: selector, namespaceSelector: selector }, ['podSelector']) },
    { weight: 4, arbitrary: some({ namespaceSelector: selector }, ['namespaceSelector']) },
    { weight: 8, arbitrary: some({ ipBlock }, ['ipBlock']) },
    { weight: 1, arbitrary: some({ ipBlock: typed(ipBlock, 4), podSelector: selector, namespaceSelector: selector }) },
  ),
);

const numbers = [1, 80, 443, 8080, 65535];
const brokenNumbers = [0, -1, 65536, 70000, 2147483647, 2147483648, 80.5];
const names = ['http', 'a-1', 'metrics-port-99', '1a'];
const brokenNames = ['', '80', 'HTTP', 'a--b', '-a', 'a-', 'a_b', long(16), 'http '];

const port = typed(
  fc.oneof(
    {
      weight: 6,
      arbitrary: some({
        protocol: either(['TCP', 'UDP', 'SCTP'], ['', 'tcp', 'ICMP', 'ANY'], 30),
        port: typed(either(numbers, brokenNumbers, 25)),
      }),
    },
    {
      weight: 3,
      arbitrary: some({ protocol: either(['TCP', 'UDP', 'SCTP'], ['Tcp'], 30), port: either(names, brokenNames, 15) }),
    },
    {
      weight: 3,
      arbitrary: some({
        port: typed(either([1, 80], [...brokenNumbers, 'http'], 12)),
        endPort: typed(either([80, 90, 65535], [...brokenNumbers, 79], 12)),
      }),
    },
  ),
);

const list = (of: fc.Arbitrary<unknown>, maxLength: number) => typed(fc.array(of, { maxLength }));
const ingress = list(typed(some({ from: list(peer, 3), ports: list(port, 3) })), 2);
const egress = list(typed(some({ to: list(peer, 3), ports: list(port, 3) })), 2);
const policyTypes = typed(
  fc
    .array(either(['Ingress', 'Egress'], ['Both', '', 'ingress'], 30), { maxLength: 3 })
    .map((types) => (types.length > 2 && types.length % 2 ? types : types.slice(0, 2))),
);

const owner = some(
  {
    apiVersion: either(['v1', 'apps/v1'], ['', 'a/b/c', 'apps/'], 20),
    kind: either(['Deployment'], [''], 20),
    name: either(['web'], [''], 20),
    uid: either(['8a6a'], [''], 20),
    controller: typed(fc.boolean()),
    blockOwnerDeletion: typed(fc.boolean()),
  },
  ['apiVersion', 'kind', 'name', 'uid'],
);

const metadataFields = {
  name: either(['web', 'a.b-c', 'a', long(253)], ['', '-a', 'A', 'a_b', 'a..b', long(254), 'a.', 'ä'], 40),
  generateName: either(['web-', 'a', 'a.'], ['-', '', 'A-', 'a_'], 8),
  labels: typed(labelMap),
  annotations: typed(
    fc.dictionary(either([...keys, 'A.b/c'], brokenKeys, 40), either(['', 'any text\n', 'ä'], [long(300_000)], 200), {
      maxKeys: 2,
    }),
  ),
  ownerReferences: typed(fc.array(owner, { maxLength: 2 })),
  finalizers: typed(
    fc.array(
      either(['example.com/keep', 'orphan', 'foregroundDeletion', 'kubernetes'], ['keep', '', 'a b/c', 'x/y/z'], 12),
      { maxLength: 2 },
    ),
  ),
};

/** NetworkPolicies of the namespace, from valid ones to such that cannot be decoded. */
export function arbitraryPolicy(namespace: string): fc.Arbitrary<unknown> {
  return some(
    {
      metadata: some({ ...metadataFields, namespace: fc.constant(namespace) }, ['name', 'namespace']),
      spec: typed(some({ podSelector: selector, ingress, egress, policyTypes }, ['podSelector'])),
      apiVersion: fc.constant('networking.k8s.io/v1'),
      kind: fc.constant('NetworkPolicy'),
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  );
}

export function arbitraryNamespace(): fc.Arbitrary<unknown> {
  const name = either(['shops', 'a', '9', long(63)], ['', 'a.b', '-a', 'A', long(64), 'a_b', 'a-'], 20);
  const finalizers = typed(
    fc.array(either(['kubernetes', 'example.com/keep'], ['keep', '', 'a b/c'], 12), { maxLength: 2 }),
  );
  return some(
    {
      metadata: some({ ...metadataFields, name }, ['name']),
      spec: typed(some({ finalizers })),
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Namespace'),
    },
    ['apiVersion', 'kind', 'metadata'],
  );
}
