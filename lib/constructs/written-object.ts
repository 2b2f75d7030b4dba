import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPolicy } from '../model/network-policy';
import { toYaml } from '../render/yaml';
import { sorted } from '../sets/sorted';
import type { NamespaceObject } from '../targets/namespace-objects';

/**
 * An object that takes little of what cdk8s does for each object, which is most of the time of a large app.
 *
 * Its spec holds names, addresses and numbers that were checked, so there are no tokens in it to resolve. And it brings its own
 * YAML writer along: cdk8s hands what `toJson` gives to the `yaml` package, which of a document of its own kind only asks for the
 * text. To everybody else the object is plain JSON: what is added is not enumerable. The text is made when it is asked for, so that
 * it says what the object says by then.
 */
export class WrittenObject extends ApiObject {
  private readonly spec: unknown;

  constructor(scope: Construct, id: string, object: NetworkPolicy | NamespaceObject) {
    const { apiVersion, kind, metadata } = object;
    super(scope, id, { apiVersion, kind, metadata: { ...metadata } });
    // It would take the chart's, and is in none.
    if (kind === 'Namespace') Object.defineProperty(this.metadata, 'namespace', { value: undefined });
    this.spec = 'spec' in object ? object.spec : undefined;
  }

  override toJson(): object {
    const json = super.toJson();
    if (this.spec !== undefined) json.spec = copyOf(this.spec, process.env['CDK8S_DISABLE_SORT'] ? asGiven : sorted);
    return Object.defineProperties(json, asDocument);
  }
}

/** Whether an object is one of ours; `instanceof` says so of every `ApiObject`, which answers it for its subclasses too. */
export function isWritten(object: ApiObject): boolean {
  return object.constructor === WrittenObject;
}

type KeyOrder = (keys: readonly string[]) => readonly string[];

const asGiven: KeyOrder = (keys) => keys;

function copyOf(value: unknown, order: KeyOrder): unknown {
  if (Array.isArray(value)) return value.map((item) => copyOf(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of order(Object.keys(value))) copy[key] = copyOf((value as Record<string, unknown>)[key], order);
  return copy;
}

/** How every copy of `yaml` since 2.0 tells its documents from other objects. */
const nodeType = Symbol.for('yaml.node.type');
const document = Symbol.for('yaml.document');

const asDocument: PropertyDescriptorMap & ThisType<object> = {
  [nodeType]: { value: document },
  toString: {
    value() {
      return toYaml(this, 'indented');
    },
  },
  /** What `yaml` writes of a document where it does not leave that to it: in a list, and in versions that always write themselves. */
  contents: {
    get() {
      return { ...this };
    },
  },
};
