import { Construct } from 'constructs';
import type { NetworkPolicy } from '../model/network-policy';
import type { Policy } from '../model/policy';
import type { NamespaceModel } from '../model/program';
import { Origin } from '../origin/origin';
import { readNetworkPolicy } from '../read/network-policy';
import { placeInMemory } from '../read/object-place';
import { type FieldError, fieldErrorToString } from '../validation/field-error';
import { checkOptions, checkScope, duplicate, placeOf } from './mistakes';
import type { Namespace } from './namespace';
import { made, options, text } from './options';
import { freeId, Registry } from './registry';

export interface RawPolicyProps {
  /** Names the policy, after the prefix that all of tierwall's have. @default the construct id */
  readonly name?: string;
  /** The spec of a NetworkPolicy, written as it is. */
  readonly spec: NetworkPolicy['spec'];
  /** Why it is not said by services and intents; written to the policy as an annotation. */
  readonly because: string;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const rawPolicyOptions = options<RawPolicyProps>(
  'RawPolicy',
  {
    name: text(),
    spec: made(isObject, 'object', 'give the `spec` of a NetworkPolicy'),
    because: text('say why services and intents do not say it'),
  },
  ['spec', 'because'],
);

/**
 * A NetworkPolicy that is kept as it is, for what services and intents cannot say. It opens what it opens beside them, and isolates the pods
 * that it selects; the proof counts it as declared, and guarantees hold against it.
 */
export class RawPolicy extends Construct {
  constructor(scope: Namespace, id: string, props: RawPolicyProps) {
    checkScope(scope, 'RawPolicy', id, ['namespace']);
    const free = freeId(scope, id);
    super(scope, free);
    const declared = { path: this.node.path, origin: Origin.capture() };
    const { name = id, spec, because = '' } = checkOptions(this, declared, props, rawPolicyOptions);
    const registry = Registry.of(this);
    if (free !== id) registry.addMistake(duplicate('raw-policy', id, declared));
    if (!spec) return;
    const namespace = scope.model;
    const refused = (error: FieldError) => {
      const message = `the API server would refuse it: ${fieldErrorToString(error)}`;
      registry.addMistake({ code: 'refused-by-api-server', message, place: placeOf(declared) });
    };
    const meaning = meaningOf(namespace, name, spec, declared.path, refused);
    registry.addRawPolicy({ kind: 'raw-policy', ...declared, namespace, name, spec, because, meaning });
  }
}

function meaningOf(
  namespace: NamespaceModel,
  name: string,
  spec: NetworkPolicy['spec'],
  construct: string,
  report: (error: FieldError) => void,
): Policy | undefined {
  const place = { namespace: namespace.name, name };
  const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: place, spec };
  return readNetworkPolicy(object, place, placeInMemory({ construct }), report);
}
