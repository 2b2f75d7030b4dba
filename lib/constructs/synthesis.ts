import type { Construct } from 'constructs';
import type { EnvironmentModel } from '../model/program';
import { handoverVariable } from './handed-over';
import { handOverInsteadOfWriting, handOverThrown } from './handover';
import { writeWithPlainApp } from './plain-app';
import { expectShortLife } from './short-lived';

const folder = process.env[handoverVariable];
if (folder) {
  expectShortLife();
  handOverThrown(folder);
}

/** Connects an environment to whoever synthesizes its app: cdk8s, or `tierwall synth`. */
export function attachSynthesis(environment: Construct & { readonly model: EnvironmentModel }): void {
  if (folder) handOverInsteadOfWriting(environment.node.root, folder);
  else writeWithPlainApp(environment);
}
