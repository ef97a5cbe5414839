import path from 'node:path';
import { assertPublishable } from '../model/public-path.js';
import type { Storage } from './storage.js';

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

/** The files by which a folder, or the beginning of keys, is known as a destination: its note, index, or head. */
export const DESTINATION_MARKS: readonly string[] = [
  '.staticfiles-run.json',
  '.staticfiles-index.json',
  '.staticfiles-head.json',
];

/** The storage, which refuses paths that are not below its destination, before it touches any. */
export function belowDestination(storage: Storage): Storage {
  const check = (publicPath: string) => assertPublishable(publicPath, storage.name);
  return {
    ...storage,
    async write(files, options) {
      for (const { publicPath } of files) check(publicPath);
      await storage.write(files, options);
    },
    async remove(publicPaths, options) {
      publicPaths.forEach(check);
      await storage.remove(publicPaths, options);
    },
    async readText(publicPath) {
      check(publicPath);
      return storage.readText(publicPath);
    },
  };
}
