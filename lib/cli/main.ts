#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { synthCommand } from './commands/synth';
import type { Io } from './io';
import { reportFailure } from './report-failure';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  signal: interrupted.signal,
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
  .addCommand(synthCommand(io, exit));
for (const command of program.commands) command.exitOverride();

program.parseAsync(process.argv).catch((error: unknown) => {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? 0 : 2);
  else exit(reportFailure(io, error, 'text'));
});
