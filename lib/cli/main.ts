#!/usr/bin/env node
import './short-lived';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { applyCommand } from './commands/apply';
import { checkCommand } from './commands/check';
import { connectivityCommand } from './commands/connectivity';
import { devCommand } from './commands/dev';
import { diffCommand } from './commands/diff';
import { driftCommand } from './commands/drift';
import { explainCommand } from './commands/explain';
import { importCommand } from './commands/import';
import { initCommand } from './commands/init';
import { lintCommand } from './commands/lint';
import { mutateCommand } from './commands/mutate';
import { proveCommand } from './commands/prove';
import { rbacCommand } from './commands/rbac';
import { reachCommand } from './commands/reach';
import { redundancyCommand } from './commands/redundancy';
import { rulesCommand } from './commands/rules';
import { synthCommand } from './commands/synth';
import { testCommand } from './commands/test';
import type { Io } from './io';
import { reportFailure } from './report-failure';

let interrupted: AbortController | undefined;
function interruption(): AbortSignal {
  if (!interrupted) {
    const controller = new AbortController();
    // The last when its terminal is closed.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
    interrupted = controller;
  }
  return interrupted.signal;
}

// Whoever reads the output may have seen enough, as in `| head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const io: Io = {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  get signal() {
    return interruption();
  },
};
const exit = (code: number) => {
  process.exitCode = code;
};

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};
const program = new Command('tierwall')
  .description('compiles declared network intent to default-deny, least-privilege NetworkPolicies')
  .version(version)
  .exitOverride()
  .addCommand(initCommand(io, exit))
  .addCommand(synthCommand(io, exit))
  .addCommand(checkCommand(io, exit))
  .addCommand(proveCommand(io, exit))
  .addCommand(connectivityCommand(io, exit))
  .addCommand(explainCommand(io, exit))
  .addCommand(diffCommand(io, exit))
  .addCommand(lintCommand(io, exit))
  .addCommand(rulesCommand(io, exit))
  .addCommand(reachCommand(io, exit))
  .addCommand(testCommand(io, exit))
  .addCommand(mutateCommand(io, exit))
  .addCommand(devCommand(io, exit))
  .addCommand(redundancyCommand(io, exit))
  .addCommand(driftCommand(io, exit))
  .addCommand(applyCommand(io, exit))
  .addCommand(rbacCommand(io, exit))
  .addCommand(importCommand(io, exit));
for (const command of program.commands) command.exitOverride();

program.parseAsync(process.argv).catch((error: unknown) => {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? 0 : 2);
  else exit(reportFailure(io, error, 'txt'));
});
