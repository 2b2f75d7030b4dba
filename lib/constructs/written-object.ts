import { ApiObject } from 'cdk8s';
import { toYaml } from '../render/yaml';

/**
 * An object that brings its own YAML writer along. cdk8s hands what `toJson` gives to the `yaml` package, which takes as long for
 * it as everything else in a large app together; but of a document of its own kind it only asks for the text.
 *
 * To everybody else the object is plain JSON: what is added is not enumerable. The text is made when it is asked for, so that it
 * says what the object says by then.
 */
export class WrittenObject extends ApiObject {
  override toJson(): object {
    return Object.defineProperties(super.toJson(), asDocument);
  }
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
