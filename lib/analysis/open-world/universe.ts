import { namespaceNameKey } from '../../model/selector';
import { LabelBox } from '../../sets/label-box';

/**
 * The namespaces that could exist: the known ones with just the labels that are known of them, and any others with any other name
 * and any labels.
 *
 * What has to hold under every plugin also tells apart who is not sure to be picked by any selector or ipBlock (`peers` of a statement).
 */
export class Universe {
  private readonly cells = new Map<string, readonly LabelBox[]>();
  private readonly others: LabelBox;

  constructor(
    private readonly known: ReadonlyMap<string, Readonly<Record<string, string>>>,
    readonly unpicked: 'left-out' | 'told-apart' = 'left-out',
  ) {
    this.others = LabelBox.of([
      { key: namespaceNameKey, operator: 'Exists' },
      { key: namespaceNameKey, operator: 'NotIn', values: [...known.keys()] },
    ]);
  }

  /**
   * The namespaces that a selector picks, as boxes in which a known namespace is told by its name alone: so that no box holds a
   * known name with labels that this namespace does not have.
   */
  namespaces(selector: LabelBox): readonly LabelBox[] {
    const key = selector.toString();
    let boxes = this.cells.get(key);
    if (!boxes) {
      boxes = this.find(selector);
      this.cells.set(key, boxes);
    }
    return boxes;
  }

  private find(selector: LabelBox): LabelBox[] {
    if (selector.keys.every((asked) => asked === namespaceNameKey)) return [selector];
    const names = [...this.known].filter(([, labels]) => selector.matches(labels)).map(([name]) => name);
    const named = LabelBox.of([{ key: namespaceNameKey, operator: 'In', values: names }]);
    return [named, selector.intersect(this.others)].filter((box) => !box.isEmpty);
  }
}
