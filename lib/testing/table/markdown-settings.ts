import { didYouMean } from '../../constructs/did-you-mean';
import type { Place } from '../../model/issue';
import type { ReadTable } from './read-tables';
import { type ConnectivityTable, verdicts } from './table';

const settings = ['default', 'among', 'ports', 'sources', 'cluster', 'cni'] as const;

/** A line as `Among: shop/*`. */
export interface Said {
  /** In small letters. */
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

export type Bad = (place: Place, message: string, hint: string) => void;

/** What lines before a table say of it, a later one in place of an earlier one. */
export interface TableSettings {
  readonly standard: ConnectivityTable['default'];
  readonly among: readonly string[] | undefined;
  readonly ports: readonly string[] | undefined;
  readonly about: Pick<ReadTable, 'sources' | 'cluster' | 'cni'>;
  /** Where it is said, or else the table. */
  readonly placeOf: (field: string) => Place;
}

/** @param table its place */
export function readTableSettings(said: readonly Said[], table: Place, bad: Bad): TableSettings {
  const lines = new Map(said.map((one) => [one.key, one]));
  const placeOf = (field: string): Place => ({ ...(lines.get(field)?.place ?? table), field });
  for (const key of lines.keys()) {
    const meant = settings.some((known) => known === key) ? undefined : didYouMean(key, settings);
    // Others are prose.
    if (meant) bad(placeOf(key), `\`${key}\` is not known here`, meant);
  }
  const given = (lines.get('default')?.value ?? 'denied').toLowerCase();
  const standard = verdicts.find((verdict) => verdict === given);
  if (!standard) {
    const hint = didYouMean(given, verdicts) ?? 'write `Default: denied`, or `allowed`';
    bad(placeOf('default'), `\`${given}\` is no verdict`, hint);
  }
  const [among, ports, sources] = ['among', 'ports', 'sources'].map((key) => {
    const value = lines.get(key)?.value;
    const list = value === undefined ? undefined : words(value);
    if (list?.length === 0) bad(placeOf(key), `\`${value}\` names nothing`, 'name one, or leave the line out');
    return list;
  });
  const [cluster, cni] = ['cluster', 'cni'].map((key) => lines.get(key)?.value);
  const about = { ...(sources && { sources }), ...(cluster && { cluster }), ...(cni && { cni }) };
  return { standard: standard ?? 'denied', among, ports, about, placeOf };
}

/** Names that are separated by commas, but not by those between braces; a list may stand in brackets, as it does in YAML. */
export function words(text: string): string[] {
  const [, list = text] = /^\s*\[(.*)\]\s*$/.exec(text) ?? [];
  return (list.match(/(?:[^,{]|\{[^}]*\})+/g) ?? []).map((word) => word.trim()).filter(Boolean);
}
