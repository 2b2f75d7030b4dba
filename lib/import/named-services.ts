import type { ServiceObject } from '../model/service-object';

type PlacedService = ServiceObject & { readonly namespace: string };

/** A Service that a text names, and the port if it names that too. */
export interface NamedService {
  readonly service: PlacedService;
  /** Number or name. */
  readonly port: string | undefined;
  /** The words that name it. */
  readonly text: string;
}

/** `name`, `name.namespace`, and with `.svc` and a domain after it, perhaps with a port. */
const address =
  /(?<![\w.-])([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)((?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::([a-z0-9-]+))?(?![\w-]|\.\w)/g;

/** Finds the Services of a cluster in texts, by the addresses that pods reach them at. */
export class NamedServices {
  private readonly byName = new Map<string, PlacedService>();

  constructor(services: readonly PlacedService[]) {
    for (const service of services) this.byName.set(`${service.namespace}/${service.name}`, service);
  }

  /** @param namespace of the pod whose setting the text is: there a Service's name is enough */
  in(text: string, namespace: string): NamedService[] {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const found = lines.flatMap((line) => [...this.inLine(line, namespace)]);
    const keys = found.map(({ service, port }) => `${service.namespace}/${service.name}:${port ?? ''}`);
    return found.filter((_, i) => keys.indexOf(keys[i]!) === i);
  }

  private *inLine(line: string, namespace: string): Generator<NamedService> {
    for (const match of line.matchAll(address)) {
      const [whole, name = '', rest = '', port] = match;
      const service = this.find(name, rest, namespace);
      if (!service) continue;
      const known = port !== undefined && service.ports.some((p) => `${p.port}` === port || p.name === port);
      // A word may be anything, unless it is all there is, the end of an assignment, or a URL's host.
      if (!known && rest === '' && !isAlone(line, match.index, whole.length)) continue;
      if (!known && port !== undefined && /^\d+$/.test(port)) continue;
      yield { service, port: known ? port : undefined, text: whole };
    }
  }

  private find(name: string, rest: string, namespace: string): PlacedService | undefined {
    if (rest === '') return this.byName.get(`${namespace}/${name}`);
    const [, other, svc] = rest.split('.');
    return svc === undefined || svc === 'svc' ? this.byName.get(`${other}/${name}`) : undefined;
  }
}

function isAlone(line: string, start: number, length: number): boolean {
  const before = line.slice(0, start);
  const after = line.slice(start + length);
  const isHost = /:\/\/(?:[^/\s@]*@)?$/.test(before) && /^(?:[/?#]|["'\s,;)]|$)/.test(after);
  return isHost || (/(?:^|[=:\s])["']?$/.test(before) && /^["']?,?$/.test(after));
}
