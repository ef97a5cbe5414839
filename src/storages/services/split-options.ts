import { type ObjectStorageOptions, SHARED_OPTIONS } from '../objects/options.js';

/** The options of a service, and apart from them those that all storages of objects share. */
export function splitOptions<Options extends object>(
  options: Options & ObjectStorageOptions,
): readonly [own: Options, shared: ObjectStorageOptions] {
  const isShared = ([name]: [string, unknown]) => (SHARED_OPTIONS as readonly string[]).includes(name);
  const entries = Object.entries(options);
  const shared: ObjectStorageOptions = Object.fromEntries(entries.filter(isShared));
  const own = Object.fromEntries(entries.filter((entry) => !isShared(entry)));
  // A store prepares for as many requests at a time.
  const { concurrency } = shared;
  return [{ ...own, ...(concurrency !== undefined && { concurrency }) } as Options, shared];
}
