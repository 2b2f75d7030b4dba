import { setFlagsFromString } from 'node:v8';

/**
 * Says that this process lives for a second or two, as a command and an app that is run by one do. Up to Node 21 V8 optimizes a function after 66 KB of
 * its bytecode, which in so short a life costs more than it gains: the optimizing compiler took up to half of the CPU time. Later versions have a
 * cheaper compiler in between, and no such flag. Never called in a process that is the user's own.
 */
export function expectShortLife(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--interrupt-budget=1000000');
}
