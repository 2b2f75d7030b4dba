import { type Report, required, typeInvalid } from '../validation/field-error';
import { FieldPath } from '../validation/field-path';
import { isObject, isSet } from '../validation/json-value';

/** A value of an API object that is read with what the API says of it. What has the wrong type is reported, and counts as absent. */
export class Field {
  private constructor(
    readonly value: unknown,
    readonly path: FieldPath,
    private readonly report: Report,
  ) {}

  static of(object: unknown, report: Report): Field {
    return new Field(object, FieldPath.root, report);
  }

  /** Null counts as absent, as for the API server. */
  get isSet(): boolean {
    return isSet(this.value);
  }

  child(name: string): Field {
    const fields = isObject(this.value) ? this.value : this.wrong('must be an object');
    return new Field(fields?.[name], this.path.child(name), this.report);
  }

  items(): Field[] {
    const items = Array.isArray(this.value) ? (this.value as unknown[]) : this.wrong('must be a list');
    return (items ?? []).map((item, i) => new Field(item, this.path.index(i), this.report));
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : this.wrong('must be a string');
  }

  integer(): number | undefined {
    return Number.isInteger(this.value) ? (this.value as number) : this.wrong('must be an integer');
  }

  integerOrText(): number | string | undefined {
    return typeof this.value === 'string' ? this.value : this.integer();
  }

  truth(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : this.wrong('must be true or false');
  }

  /** A map of texts, such as labels. A value that is null is the empty text, as in Go. */
  texts(): Record<string, string> {
    const fields = isObject(this.value) ? this.value : this.wrong('must be an object');
    const texts: Record<string, string> = {};
    for (const key of Object.keys(fields ?? {})) {
      const field = new Field(fields?.[key], this.path.index(key), this.report);
      const text = field.isSet ? field.text() : '';
      if (text !== undefined) texts[key] = text;
    }
    return texts;
  }

  /** Reports that the value is absent. */
  require(): this {
    if (!this.isSet) this.report(required(this.path));
    return this;
  }

  private wrong(detail: string): undefined {
    if (this.isSet) this.report(typeInvalid(this.path, this.value, detail));
    return undefined;
  }
}
