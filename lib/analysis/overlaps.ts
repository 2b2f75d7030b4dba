import type { ServiceModel } from '../model/program';

/** Services that pin the same label keys to one value each, by these values. */
interface Alike {
  readonly keys: readonly string[];
  readonly services: ServiceModel[];
  readonly byKey: ReadonlyMap<string, Map<string, ServiceModel[]>>;
}

/**
 * Finds the services of one namespace of which some possible pod could be as well as of a given one, without comparing each with
 * each: services that pin a label to different values have no pod in common. Building is linear; a look-up is linear in (kinds of
 * selectors + services that are compared).
 */
export class Overlaps {
  private readonly kinds = new Map<string, Alike>();

  constructor(services: readonly ServiceModel[]) {
    for (const service of services) this.add(service);
  }

  /** Without the service itself. */
  *of(service: ServiceModel): Generator<ServiceModel> {
    for (const kind of this.kinds.values()) {
      for (const other of candidates(kind, service)) {
        if (other !== service && other.pods.meets(service.pods)) yield other;
      }
    }
  }

  private add(service: ServiceModel): void {
    const keys = service.pods.keys.filter((key) => pinned(service, key) !== undefined);
    const signature = keys.join('\u0000');
    let kind = this.kinds.get(signature);
    if (!kind) {
      kind = { keys, services: [], byKey: new Map(keys.map((key) => [key, new Map()])) };
      this.kinds.set(signature, kind);
    }
    kind.services.push(service);
    for (const [key, byValue] of kind.byKey) {
      const value = pinned(service, key)!;
      const list = byValue.get(value);
      if (list) list.push(service);
      else byValue.set(value, [service]);
    }
  }
}

function candidates(kind: Alike, service: ServiceModel): readonly ServiceModel[] {
  let fewest: readonly ServiceModel[] = kind.services;
  for (const key of kind.keys) {
    const value = pinned(service, key);
    const alike = value === undefined ? undefined : (kind.byKey.get(key)?.get(value) ?? []);
    if (alike && alike.length < fewest.length) fewest = alike;
  }
  return fewest;
}

function pinned({ pods }: ServiceModel, key: string): string | undefined {
  const values = pods.valuesOf(key);
  return values?.length === 1 ? values[0] : undefined;
}
