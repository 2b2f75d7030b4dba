import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type LogRecord, Monitor } from '../../live/monitor';
import { InputError, type Issue } from '../../model/issue';
import { visible } from '../../render/connectivity/visible-text';
import { type Io, paintFor } from '../io';
import { connect } from '../options/cluster';
import { readIntended } from '../options/intended';
import { reportFailure } from '../report-failure';
import type { DriftFlags } from './drift';

/** Watches until it is interrupted; gives the exit code. */
export async function watchDrift(io: Io, paths: readonly string[], flags: DriftFlags): Promise<number> {
  // Whatever ends one part of it ends all.
  const stop = new AbortController();
  const signal = AbortSignal.any([io.signal, stop.signal]);
  try {
    const settings = settingsOf(flags);
    const intended = await readIntended(io, paths, flags);
    const log = flags.output === 'json' ? jsonLog(io) : textLog(io);
    const api = await connect(io, flags, (message) => log({ level: 'info', event: 'credentials-renewed', message }));
    const monitor = new Monitor({
      api,
      intended,
      identity: `${hostname()}_${randomUUID().slice(0, 8)}`,
      ...(settings.lease ? { lease: settings.lease } : {}),
      events: flags.events ? 'written' : 'none',
      ...(settings.enforce ? { enforce: settings.enforce } : {}),
      log,
      signal,
    });
    if (settings.listen) {
      const { serveEndpoints } = await import('../../cluster/endpoints.js');
      const port = await serveEndpoints(settings.listen, monitor.endpoints, signal);
      log({
        level: 'info',
        event: 'listening',
        message: `serving /metrics, /healthz and /readyz on port ${port}`,
        port,
      });
    }
    await monitor.run();
    return 0;
  } catch (error) {
    return io.signal.aborted ? 0 : reportFailure(io, error, flags.output, '');
  } finally {
    stop.abort();
  }
}

/** @throws InputError with every mistake */
function settingsOf({ output, enforce, prune, maxWrites, listen, lease }: DriftFlags) {
  const issues: Issue[] = [];
  const bad = (message: string, hint: string) => void issues.push({ code: 'bad-usage', message, place: {}, hint });
  if (output !== 'txt' && output !== 'json') bad(`\`--watch\` prints no ${output}`, 'choose `-o txt` or `-o json`');
  if (prune && !enforce) bad('`--prune` goes with `--enforce`', 'add `--enforce`, or leave it out');
  const writesPerMinute = Number(maxWrites);
  if (!Number.isInteger(writesPerMinute) || writesPerMinute < 1)
    bad(`\`--max-writes ${maxWrites}\` is no number of writes`, 'write it as `60`');
  const address = listen === undefined ? undefined : /^(?:\[?([^\]]*?)\]?:)?(\d{1,5})$/.exec(listen);
  if (address === null || Number(address?.[2]) > 65535)
    bad(`\`--listen ${listen}\` is no address`, 'write it as `:8080` or `127.0.0.1:8080`');
  const parts = lease?.split('/');
  if (parts && (parts.length !== 2 || parts.includes('')))
    bad(`\`--lease ${lease}\` is no lease`, 'write it as `namespace/name`');
  if (issues.length > 0) throw new InputError(issues);
  return {
    listen: address ? { host: address[1] || undefined, port: Number(address[2]) } : undefined,
    lease: parts ? { namespace: parts[0]!, name: parts[1]! } : undefined,
    enforce: enforce
      ? ({
          mode: enforce === 'dry-run' ? 'dry-run' : 'real',
          leftovers: prune ? 'removed' : 'kept',
          writesPerMinute,
        } as const)
      : undefined,
  };
}

function jsonLog(io: Io): (record: LogRecord) => void {
  return ({ level, event, message, ...rest }) => {
    io.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, message, ...rest })}\n`);
  };
}

function textLog(io: Io): (record: LogRecord) => void {
  const paint = paintFor(io.stdout, io.env);
  return ({ level, event, message, code, failure, todo }) => {
    const colour =
      event === 'drift-resolved'
        ? paint.green
        : level === 'error'
          ? paint.red
          : level === 'warning'
            ? paint.bold
            : paint.dim;
    const where = code ? ` (${String(code)})` : '';
    const hint = failure && todo ? `; ${String(todo)}` : '';
    io.stdout.write(`${new Date().toISOString()} ${colour(event)} ${visible(`${message}${where}${hint}`)}\n`);
  };
}
