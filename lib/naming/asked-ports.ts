import type { AskedPort } from '../analysis/explain/asked';
import type { Issue } from '../model/issue';
import { Port } from '../model/port';
import type { Protocol } from '../sets/port-set';
import { portHelp } from './notation';

const byName = /^([a-z0-9-]+)(?:\/(TCP|UDP|SCTP))?$/;

/**
 * The ports as they are asked for. What a name stands for depends on the destination, and is not looked up here.
 * @param where of the texts, for messages
 * @param report receives what is no port
 */
export function askedPorts(texts: readonly string[], where: string, report: (issue: Issue) => void): AskedPort[] {
  return texts.flatMap((text): AskedPort[] => {
    const port = Port.parse(text);
    if (port && port.problem === undefined && 'first' in port.item) return [{ text, ...port.item }];
    const named = port ? undefined : byName.exec(text);
    if (named) return [{ text, name: named[1]!, protocol: named[2] as Protocol | undefined }];
    const message = `\`${where} ${text}\`: ${port?.problem ?? 'this is no port'}`;
    report({ code: 'bad-port', message, place: {}, hint: `a port is written as ${portHelp}` });
    return [];
  });
}
