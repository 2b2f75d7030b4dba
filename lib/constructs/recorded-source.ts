import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Policy } from '../model/policy';
import type { EnvironmentModel } from '../model/program';
import { writeWhole } from '../read/write-whole';
import { sourceOf } from './handed-source';
import type { Synthesized } from './synthesizer';

/** What an app declares, beside its manifests, for a validation plugin that sees nothing but files. */
export const recordedSourceName = 'tierwall-source.json';

/** Written only where cdk8s-cli asks for construct metadata, as it does before validations. */
export function recordSource(
  root: IConstruct,
  result: Synthesized,
  read: (environment: EnvironmentModel) => readonly Policy[],
): void {
  if (process.env['CDK8S_RECORD_CONSTRUCT_METADATA'] !== 'true' || !(root instanceof App)) return;
  mkdirSync(root.outdir, { recursive: true });
  writeWhole(join(root.outdir, recordedSourceName), `${JSON.stringify(sourceOf(result, read))}\n`);
}
