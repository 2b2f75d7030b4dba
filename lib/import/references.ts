import { isWorkloadKind } from '../model/workload';
import type { AnyObject } from '../read/documents';
import { fieldsOf, isObject, itemsOf, textOf } from '../validation/json-value';
import { type ApiAccess, ApiAccessReading } from './api-access';

/** A text in a workload's settings, and where it stands there. */
export interface Setting {
  /** As in `env CART_ADDR`, `args`, `ConfigMap cart-settings, key url`. */
  readonly where: string;
  readonly text: string;
}

/** What manifests say beside policies of who calls whom. */
export interface References {
  /** The texts in which a workload may name others, by `namespace/kind/name`. */
  readonly settings: ReadonlyMap<string, readonly Setting[]>;
  /** Services that ask Prometheus to scrape them, as `namespace/name`, and the port, by number or name. */
  readonly scraped: ReadonlyMap<string, string>;
  /** By workload, as the settings. */
  readonly apiAccess: ReadonlyMap<string, ApiAccess>;
  /** The Gateways that HTTPRoutes name, as `namespace/name`, by route. */
  readonly gateways: ReadonlyMap<string, readonly string[]>;
}

interface Identity {
  readonly namespace: string;
  readonly name: string;
}

/** Of a ConfigMap: all of it, or one key. */
interface ConfigRef {
  readonly name: string;
  readonly key: string | undefined;
  readonly where: string;
}

const scrapeKey = /prometheus[\w.-]*\/(scrape|port)$/;
const usualScrapePort = '9090';

/** Longer texts are programs or data, which mention much that is never called. */
const longest = 64 * 1024;

/** Collects what workloads may have to do with whom: what they name in environment variables, commands, arguments and the ConfigMaps that they use. */
export class ReferenceReading {
  private readonly configMaps = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly workloads = new Map<
    string,
    { readonly own: readonly Setting[]; readonly refs: readonly ConfigRef[] }
  >();

  private readonly scraped = new Map<string, string>();
  private readonly gateways = new Map<string, readonly string[]>();
  private readonly apiAccess = new ApiAccessReading();

  object(object: AnyObject, identity: Identity): void {
    if (object.kind === 'ConfigMap') this.configMap(object, identity);
    else if (object.kind === 'Service') this.service(object, identity);
    else if (object.kind === 'HTTPRoute') this.route(object, identity);
    else if (isWorkloadKind(object.kind)) this.workload(object, identity);
    else this.apiAccess.object(object, identity);
  }

  /** By the annotations that are usual, as `prometheus.io/scrape`. */
  private service(object: AnyObject, { namespace, name }: Identity): void {
    const annotations = Object.entries(fieldsOf(fieldsOf(object['metadata'])['annotations']));
    const said = (what: string) => textOf(annotations.find(([key]) => scrapeKey.exec(key)?.[1] === what)?.[1]);
    if (said('scrape') === 'true') this.scraped.set(`${namespace}/${name}`, said('port') || usualScrapePort);
  }

  private configMap(object: AnyObject, { namespace, name }: Identity): void {
    this.configMaps.set(`${namespace}/${name}`, fieldsOf(object['data']));
  }

  private workload(object: AnyObject, { namespace, name }: Identity): void {
    const spec = podSpecOf(object);
    const containers = [...itemsOf(spec['initContainers']), ...itemsOf(spec['containers'])].map(fieldsOf);
    const own = containers.flatMap(settingsOf).filter(({ text }) => text !== '' && text.length <= longest);
    const refs = [...containers.flatMap(configRefsOf), ...itemsOf(spec['volumes']).flatMap(volumeRefs)];
    const key = `${namespace}/${object.kind}/${name}`;
    this.workloads.set(key, { own, refs });
    this.apiAccess.workload(key, namespace, spec);
  }

  private route(object: AnyObject, { namespace, name }: Identity): void {
    const parents = itemsOf(fieldsOf(object['spec'])['parentRefs']).map(fieldsOf);
    const named = parents.filter(({ kind }) => kind === undefined || kind === 'Gateway');
    const gateways = named.map((parent) => `${textOf(parent['namespace']) || namespace}/${textOf(parent['name'])}`);
    this.gateways.set(`${namespace}/${name}`, gateways);
  }

  result(): References {
    const settings = new Map(
      [...this.workloads].map(([key, { own, refs }]) => {
        const namespace = key.slice(0, key.indexOf('/'));
        return [key, [...own, ...refs.flatMap((ref) => this.valuesOf(namespace, ref))]] as const;
      }),
    );
    return { settings, scraped: this.scraped, gateways: this.gateways, apiAccess: this.apiAccess.result() };
  }

  private valuesOf(namespace: string, { name, key, where }: ConfigRef): Setting[] {
    const data = this.configMaps.get(`${namespace}/${name}`) ?? {};
    return Object.entries(data).flatMap(([entry, value]) => {
      const text = textOf(value);
      if (text === '' || text.length > longest || (key !== undefined && entry !== key)) return [];
      return [{ where: `${where}ConfigMap ${name}, key ${entry}`, text }];
    });
  }
}

function podSpecOf({ kind, spec, ...object }: AnyObject): Readonly<Record<string, unknown>> {
  if (kind === 'Pod') return fieldsOf(spec);
  const job = kind === 'CronJob' ? fieldsOf(fieldsOf(fieldsOf(spec)['jobTemplate'])['spec']) : fieldsOf(spec);
  return fieldsOf(fieldsOf(job['template'] ?? object['template'])['spec']);
}

function settingsOf(container: Readonly<Record<string, unknown>>): Setting[] {
  const env = itemsOf(container['env']).map(fieldsOf);
  const lists = (['command', 'args'] as const).flatMap((field) =>
    itemsOf(container[field]).map((item) => ({ where: field, text: textOf(item) })),
  );
  return [...env.map((entry) => ({ where: `env ${textOf(entry['name'])}`, text: textOf(entry['value']) })), ...lists];
}

function configRefsOf(container: Readonly<Record<string, unknown>>): ConfigRef[] {
  const keys = itemsOf(container['env']).flatMap((entry) => {
    const ref = fieldsOf(fieldsOf(fieldsOf(entry)['valueFrom'])['configMapKeyRef']);
    const [name, key] = [textOf(ref['name']), textOf(ref['key'])];
    return name && key ? [{ name, key, where: `env ${textOf(fieldsOf(entry)['name'])} from ` }] : [];
  });
  const whole = itemsOf(container['envFrom']).flatMap((entry) => namedRef(fieldsOf(entry)['configMapRef']));
  return [...keys, ...whole];
}

function volumeRefs(volume: unknown): ConfigRef[] {
  const { configMap, projected } = fieldsOf(volume);
  const sources = itemsOf(fieldsOf(projected)['sources']).flatMap((source) => namedRef(fieldsOf(source)['configMap']));
  return [...namedRef(configMap), ...sources];
}

function namedRef(ref: unknown): ConfigRef[] {
  const name = isObject(ref) ? textOf(ref['name']) : '';
  return name ? [{ name, key: undefined, where: '' }] : [];
}
