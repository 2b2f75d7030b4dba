import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const schema = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

/** What of a text breaks the schema of SARIF 2.1.0; null where nothing does. */
export function sarifErrors(text: string): unknown {
  const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
  ajv.addMetaSchema(JSON.parse(readFileSync(require.resolve('ajv/lib/refs/json-schema-draft-04.json'), 'utf8')));
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  validate(JSON.parse(text));
  return validate.errors;
}
