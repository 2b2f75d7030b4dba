interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const known = new Set([
  ...['$ref', 'const', 'enum', 'type', 'properties', 'required', 'additionalProperties', 'items', 'anyOf'],
  ...['minItems', 'maxItems', 'minimum', '$defs', '$schema', 'title', 'description'],
]);

/**
 * What of a value breaks a JSON Schema, by path. Only the keywords that the project's own schemas use.
 * @throws Error for a schema with any other keyword, so that nothing goes unchecked
 */
export function schemaErrors(schema: object, value: unknown, root = schema, path = '$'): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!known.has(keyword)) throw new Error(`${path}: the keyword ${keyword} is not checked here`);
  }
  const s = schema as Schema;
  if (s.$ref !== undefined) {
    const target = (root as Schema).$defs?.[s.$ref.replace('#/$defs/', '')];
    return target ? schemaErrors(target, value, root, path) : [`${path}: there is no ${s.$ref}`];
  }
  if (s.anyOf) {
    const found = s.anyOf.map((option) => schemaErrors(option, value, root, path));
    return found.some((errors) => errors.length === 0) ? [] : found.flat();
  }
  if ('const' in s && value !== s.const) return [`${path}: is not ${JSON.stringify(s.const)}`];
  if (s.enum && !s.enum.includes(value)) return [`${path}: is none of ${s.enum.join()}`];
  const fits = typeOf(value) === s.type || (s.type === 'number' && typeOf(value) === 'integer');
  if (s.type !== undefined && !fits) return [`${path}: is ${typeOf(value)}, not ${s.type}`];
  if (s.minimum !== undefined && (value as number) < s.minimum) return [`${path}: is below ${s.minimum}`];
  if (s.type === 'array') return arrayErrors(s, value as unknown[], root, path);
  return s.type === 'object' ? objectErrors(s, value as Record<string, unknown>, root, path) : [];
}

function arrayErrors(s: Schema, value: readonly unknown[], root: object, path: string): string[] {
  if (value.length < (s.minItems ?? 0) || value.length > (s.maxItems ?? value.length)) return [`${path}: wrong length`];
  return s.items ? value.flatMap((item, i) => schemaErrors(s.items!, item, root, `${path}[${i}]`)) : [];
}

function objectErrors(s: Schema, value: Readonly<Record<string, unknown>>, root: object, path: string): string[] {
  const properties = s.properties ?? {};
  const missing = (s.required ?? []).filter((name) => !(name in value)).map((name) => `${path}.${name}: is missing`);
  const extra = Object.keys(value).filter((name) => s.additionalProperties === false && !(name in properties));
  const rest = s.additionalProperties;
  const others = rest ? Object.keys(value).filter((name) => !(name in properties)) : [];
  return [
    ...missing,
    ...others.flatMap((name) => schemaErrors(rest as Schema, value[name], root, `${path}.${name}`)),
    ...extra.map((name) => `${path}.${name}: is not described`),
    ...Object.entries(properties).flatMap(([name, property]) =>
      name in value ? schemaErrors(property, value[name], root, `${path}.${name}`) : [],
    ),
  ];
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}
