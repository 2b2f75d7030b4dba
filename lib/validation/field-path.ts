/**
 * The place of a value in an API object, written as the API server does: `spec.ingress[0].ports[1]`.
 *
 * A link to the path above instead of text, since nearly every path is made for nothing: only errors are written out.
 */
export class FieldPath {
  static readonly root = new FieldPath(undefined, 'field', '');

  private constructor(
    private readonly parent: FieldPath | undefined,
    private readonly style: 'field' | 'index',
    private readonly name: string | number,
  ) {}

  child(field: string): FieldPath {
    return new FieldPath(this, 'field', field);
  }

  /** An item of a list, or the value of a key of a map. */
  index(item: number | string): FieldPath {
    return new FieldPath(this, 'index', item);
  }

  toString(): string {
    if (this.parent === undefined) {
      return '';
    }
    const above = this.parent.toString();
    return this.style === 'index' ? `${above}[${this.name}]` : above + (above && '.') + this.name;
  }
}
