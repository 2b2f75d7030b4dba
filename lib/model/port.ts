import { highestPort, lowestPort, type PortItem, type Protocol, protocols } from '../sets/port-set';

const notation = /^(\d+)(?:-(\d+))?(?:\/(TCP|UDP|SCTP))?$/;
const portName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * A port or range of ports of one protocol, by number or by the name that the destination pod's containers give it.
 *
 * Making one never throws: a bad number is reported, with all other mistakes of the program, where the port is used.
 *
 * @example Port.tcp(8080), Port.udp(53), Port.range(8000, 8999), Port.named('http'), Port.parse('53/UDP')
 */
export class Port {
  private constructor(
    readonly item: PortItem,
    private readonly mistake?: string,
  ) {}

  static tcp(port: number): Port {
    return Port.range(port, port, 'TCP');
  }

  static udp(port: number): Port {
    return Port.range(port, port, 'UDP');
  }

  static sctp(port: number): Port {
    return Port.range(port, port, 'SCTP');
  }

  /**
   * All ports from `first` to `last`, both included (NetworkPolicy `endPort`).
   * @default protocol is TCP
   */
  static range(first: number, last: number, protocol: Protocol = 'TCP'): Port {
    return new Port({ protocol, first, last });
  }

  /**
   * The port that the destination pod's containers call `name`; written as that name, so it may differ from pod to pod.
   * @default protocol is TCP
   */
  static named(name: string, protocol: Protocol = 'TCP'): Port {
    return new Port({ protocol, name });
  }

  /** Reads `8080`, `53/UDP` or `8000-8999/TCP`; undefined if the text is none of these. */
  static parse(text: string): Port | undefined {
    const match = notation.exec(text);
    if (!match) return undefined;
    const first = Number(match[1]);
    return Port.range(first, match[2] === undefined ? first : Number(match[2]), (match[3] as Protocol) ?? 'TCP');
  }

  /** Stands for a port that could not be found, so that the mistake is reported where it is used. @internal */
  static mistaken(problem: string): Port {
    return new Port({ protocol: 'TCP', first: 0, last: 0 }, problem);
  }

  /** What is wrong with the port, or undefined (the API server's rules for NetworkPolicyPort). */
  get problem(): string | undefined {
    const { item, mistake } = this;
    if (mistake !== undefined) return mistake;
    if (!protocols.includes(item.protocol))
      return `protocol \`${item.protocol}\` of port \`${this}\` is none of TCP, UDP and SCTP`;
    if ('name' in item) {
      const holds =
        portName.test(item.name) && /[a-z]/.test(item.name) && !item.name.includes('--') && item.name.length <= 15;
      return holds
        ? undefined
        : `port name \`${item.name}\` is not valid: at most 15 of a-z, 0-9 and single hyphens, with a letter`;
    }
    for (const port of [item.first, item.last]) {
      if (!Number.isInteger(port) || port < lowestPort || port > highestPort) {
        return `port \`${port}\` is not between ${lowestPort} and ${highestPort}`;
      }
    }
    return item.last < item.first ? `port range \`${this}\` ends below its start` : undefined;
  }

  /** As in `8080/TCP`, `8000-8999/TCP` or `http/TCP`. */
  toString(): string {
    const { item } = this;
    if ('name' in item) return `${item.name}/${item.protocol}`;
    return `${item.first === item.last ? item.first : `${item.first}-${item.last}`}/${item.protocol}`;
  }
}

/** Every port of every protocol, written out on purpose. */
export class AnyPort {
  static readonly instance = new AnyPort();
  private constructor() {}

  toString(): string {
    return 'any port';
  }
}

/** Every port of every protocol: never a default, always written out. */
export function anyPort(): AnyPort {
  return AnyPort.instance;
}
