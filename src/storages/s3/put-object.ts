import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import { versionOf } from '../services/etag.js';
import type { Sending } from '../services/service-store.js';
import type { S3Connection } from './connection.js';
import type { S3Error } from './errors.js';
import { putInParts } from './put-in-parts.js';
import { putRenewed } from './put-renewed.js';

/**
 * Stores an object: in one request, or in parts where it is large.
 *
 * @returns its version
 */
export async function putObject(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const { partSize } = connection.options;
  try {
    const etag = options.renew
      ? await putRenewed(connection, key, body, options)
      : body.size > partSize
        ? await connection.large(() => putInParts(connection, key, body, options))
        : await connection.send(key, body, options);
    return { version: versionOf(etag) };
  } catch (error) {
    sending.attempts = (error as S3Error).$metadata?.attempts ?? 1;
    throw error;
  }
}
