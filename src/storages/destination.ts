import path from 'node:path';
import { assertPublishable } from '../model/public-path.js';
import type { Storage } from './storage.js';

/** Where files are published to. */
export interface Destination {
  /** Absolute path, where the destination is a local folder. */
  readonly folder?: string;
  /** Where it is, as a person would write it, where it is elsewhere: `s3://my-bucket/static/`. */
  readonly displayUrl?: string;
}

/** Where a storage is, for reports. */
export function describeDestination({ folder, displayUrl }: Storage): Destination {
  return { ...(folder !== undefined && { folder }), ...(displayUrl !== undefined && { displayUrl }) };
}

/** Where a name stands in a storage, for messages. */
export function describePath(
  { name, folder, displayUrl = `storage '${name}'` }: Storage,
  publicPath: string,
): string {
  return folder === undefined ? `${publicPath} (${displayUrl})` : path.join(folder, publicPath);
}

/** A destination, for messages. */
export function destinationName({ name, folder, displayUrl = `storage '${name}'` }: Storage): string {
  return folder ?? displayUrl;
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
