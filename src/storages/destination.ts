import path from 'node:path';
import { assertPublishable } from '../model/public-path.js';
import type { Storage } from './storage.js';

/** The place that files are published to: a folder, or a URL. */
export interface Destination {
  /** Absolute path, if it is a local folder. */
  readonly folder?: string;
  /** How any other destination is shown to users: `s3://my-bucket/static/`. */
  readonly displayUrl?: string;
}

/** Returns a storage's destination, for results. */
export function describeDestination({ folder, displayUrl }: Storage): Destination {
  return { ...(folder !== undefined && { folder }), ...(displayUrl !== undefined && { displayUrl }) };
}

/** Returns the full path or address of a published file, for messages. */
export function describePath(
  { name, folder, displayUrl = `storage '${name}'` }: Storage,
  publicPath: string,
): string {
  return folder === undefined ? `${publicPath} (${displayUrl})` : path.join(folder, publicPath);
}

/** Returns a storage's folder or URL, for messages. */
export function destinationName({ name, folder, displayUrl = `storage '${name}'` }: Storage): string {
  return folder ?? displayUrl;
}

/** The name of the note at the top of a folder that names the last run which published there. */
export const RUN_NOTE = '.staticfiles-run.json';

/** The name of the index at a service or host, which lists what is published there. */
export const INDEX_NAME = '.staticfiles-index.json';

/** The name of the head at a service, which says who may write there. */
export const HEAD_NAME = '.staticfiles-head.json';

/** The names of the files that mark a folder or key prefix as a destination. */
export const DESTINATION_MARKS: readonly string[] = [RUN_NOTE, INDEX_NAME, HEAD_NAME];

/**
 * Returns the storage with a check of all paths before any of them is touched.
 *
 * @throws StaticFilesError `target` for a path that is not below the destination
 */
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
