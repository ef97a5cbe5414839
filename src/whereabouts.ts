import path from 'node:path';
import type { Storage } from './storages/storage.js';

/** Where files are published to. */
export interface Whereabouts {
  /** Absolute path, where the destination is a local folder. */
  readonly location?: string;
  /** Where it is, as a person would write it, where it is elsewhere: `s3://my-bucket/static/`. */
  readonly place?: string;
}

/** Where a storage is, for reports. */
export function whereabouts({ location, place }: Storage): Whereabouts {
  return { ...(location !== undefined && { location }), ...(place !== undefined && { place }) };
}

/** Where a name stands in a storage, for messages. */
export function whereIn(
  { name, location, place = `storage '${name}'` }: Storage,
  publicPath: string,
): string {
  return location === undefined ? `${publicPath} (${place})` : path.join(location, publicPath);
}

/** A destination, for messages. */
export function placeOf({ name, location, place = `storage '${name}'` }: Storage): string {
  return location ?? place;
}
