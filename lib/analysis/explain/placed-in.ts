import type { ListedPlace } from '../../model/connectivity-listing';

/** The output folder of an app, and the files in it where a result names others too. */
export interface OutputFiles {
  readonly folder: string;
  readonly files: ReadonlySet<string>;
}

/** The same with every place in a folder, or those of its files. @param folder undefined: as it is */
export function placedIn<T>(folder: string | OutputFiles | undefined, value: T): T {
  if (folder === undefined) return value;
  if (typeof folder === 'string') return withPlaces(value, (place) => inFolder(folder, place));
  const { files, folder: path } = folder;
  return withPlaces(value, (place) => (files.has(place.file ?? '') ? inFolder(path, place) : place));
}

/** The same without any place. */
export function unplaced<T>(value: T): T {
  return withPlaces(value, () => ({}));
}

function withPlaces<T>(value: T, change: (place: ListedPlace) => ListedPlace): T {
  return changed(value, change) as T;
}

function changed(value: unknown, change: (place: ListedPlace) => ListedPlace): unknown {
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'place' ? change(item as ListedPlace) : changed(item, change),
    ]),
  );
}

function inFolder(folder: string, place: ListedPlace): ListedPlace {
  return place.file === undefined ? place : { ...place, file: `${folder}/${place.file}` };
}
