import { execFileSync } from 'node:child_process';

/** The day, in UTC, that decides which time-boxed access is emitted, and where it came from. */
export interface AsOf {
  /** As `2026-12-31`. */
  readonly day: string;
  readonly source: 'option' | 'SOURCE_DATE_EPOCH' | 'HEAD';
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the text is a day of the calendar, as `2026-12-31`. */
export function isDay(text: string): boolean {
  return dayForm.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

/**
 * The day of synthesis, so that synthesizing an old commit gives the old bytes: the option, else SOURCE_DATE_EPOCH (seconds, UTC), else
 * the date of HEAD's commit, else undefined. Never the clock.
 */
export function readAsOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): AsOf | undefined {
  if (option !== undefined) return isDay(option) ? { day: option, source: 'option' } : undefined;
  const epoch = env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined && epoch !== '') {
    return /^\d{1,11}$/.test(epoch) ? { day: dayOf(Number(epoch)), source: 'SOURCE_DATE_EPOCH' } : undefined;
  }
  try {
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return seconds.trim() ? { day: dayOf(Number(seconds)), source: 'HEAD' } : undefined;
  } catch {
    return undefined;
  }
}

/** The day by the clock, in UTC. */
export function today(): string {
  return dayOf(Date.now() / 1000);
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
