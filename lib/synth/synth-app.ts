import { resolve } from 'node:path';
import type { App } from 'cdk8s';
import { Construct } from 'constructs';
import { handoverOf } from '../constructs/handover';
import { misuse } from '../constructs/mistakes';
import { show } from '../constructs/options';
import { today } from '../read/as-of';
import { type SynthResult, writeHandovers } from './synth';

// Apart from the rest of synth/: the command runs apps in a process of their own, and has no need to load cdk8s.

export interface SynthOptions {
  /** The folder for the output. @default policies */
  readonly out?: string;
  /** What marks the files of the app in a folder that other apps write to. @default nothing: it has the folder to itself */
  readonly name?: string;
  /** `check` writes nothing and only compares. @default write */
  readonly mode?: 'write' | 'check';
}

/**
 * Writes the app's policies in the GitOps layout: what `tierwall synth` does, as a function.
 * @throws InputError with every mistake of the program; the output is then left as it was
 */
export function synth(app: App, options: SynthOptions = {}): SynthResult {
  const { out = 'policies', name, mode = 'write' } = options;
  if (!Construct.isConstruct(app)) {
    throw misuse(
      'wrong-app',
      `what is to be synthesized is \`${show(app)}\`, which is no App`,
      'give the App of the environments',
    );
  }
  const byClock = mode === 'check' && process.env['TIERWALL_AS_OF'] === undefined;
  const target = { out: resolve(out), name, folder: process.cwd() };
  return writeHandovers([handoverOf(app)], target, mode, byClock ? today() : undefined);
}
