import { assertPublishable } from '../publishable.js';
import type { Storage } from './storage.js';

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
