import type { Construct } from 'constructs';
import type { EnvironmentModel } from '../model/program';
import { handOverInsteadOfWriting, handoverVariable } from './handover';
import { writeWithPlainApp } from './plain-app';

/** Connects an environment to whoever synthesizes its app: cdk8s, or `tierwall synth`. */
export function attachSynthesis(environment: Construct & { readonly model: EnvironmentModel }): void {
  const folder = process.env[handoverVariable];
  if (folder) handOverInsteadOfWriting(environment.node.root, folder);
  else writeWithPlainApp(environment);
}
