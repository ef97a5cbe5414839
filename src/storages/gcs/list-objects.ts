import type { ListedObject } from '../objects/object-store.js';
import { orAborted } from '../services/aborting.js';
import type { GcsConnection } from './connection.js';
import { LISTED_FIELDS, type ObjectResource, toListed } from './object-metadata.js';

/** Every object whose key begins so, a thousand at a time, with its headers. */
export async function* listObjects(
  { bucket }: GcsConnection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  let pageToken: string | undefined;
  do {
    const query = { prefix, autoPaginate: false, fields: LISTED_FIELDS, maxResults: 1000 };
    const asked = bucket.getFiles(pageToken === undefined ? query : { ...query, pageToken });
    const [, , answer] = (await orAborted(signal, asked)) as [unknown, unknown, ListAnswer];
    yield (answer.items ?? []).map(toListed);
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
}

interface ListAnswer {
  readonly items?: readonly ObjectResource[];
  readonly nextPageToken?: string;
}
