import type { ListedPlace } from '../../model/connectivity-listing';

/** The same with every place in a folder. @param folder undefined: as it is */
export function placedIn<T>(folder: string | undefined, value: T): T {
  return folder === undefined ? value : (moved(folder, value) as T);
}

function moved(folder: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(folder, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'place' ? inFolder(folder, item as ListedPlace) : moved(folder, item),
    ]),
  );
}

function inFolder(folder: string, place: ListedPlace): ListedPlace {
  return place.file === undefined ? place : { ...place, file: `${folder}/${place.file}` };
}
