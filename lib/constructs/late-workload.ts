import type { Issue } from '../model/issue';
import type { LabelSelector } from '../model/network-policy';
import { AnyPort } from '../model/port';
import type { KnownPods } from '../model/program';
import type { LateReading } from './registry';
import type { PortsByName } from './service';

/** What a workload says of itself. */
export interface WorkloadReading {
  /** Undefined: the label scheme's. */
  readonly selector: LabelSelector | undefined;
  readonly ports: PortsByName | AnyPort;
  readonly known: KnownPods | undefined;
}

export type WorkloadSource = () => WorkloadReading;

/** What is made of a reading, and what is wrong with it. */
export interface Made<T> {
  readonly is: T;
  readonly mistakes: readonly Issue[];
}

/** What is made of a workload that the user may change until synth: made when it is first asked for, and again only after a change. */
export class LateWorkload<T> {
  private current: { readonly text: string; readonly made: Made<T> } | undefined;
  private told: readonly Issue[] | undefined;

  constructor(
    private readonly source: WorkloadSource,
    private readonly make: (reading: WorkloadReading) => Made<T>,
  ) {}

  get value(): T {
    this.current ??= this.read();
    return this.current.made.is;
  }

  /** Reads the workload again. */
  readonly refresh: LateReading = () => {
    this.current = this.read();
    const { mistakes } = this.current.made;
    if (this.told === mistakes) return undefined;
    const before = this.told ?? [];
    this.told = mistakes;
    return { before, after: mistakes };
  };

  private read(): { readonly text: string; readonly made: Made<T> } {
    const reading = this.source();
    const { selector, ports, known } = reading;
    const text = JSON.stringify([selector, ports instanceof AnyPort ? `${ports}` : ports, known]);
    return text === this.current?.text ? this.current : { text, made: this.make(reading) };
  }
}
