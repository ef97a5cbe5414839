import {
  ConditionFailed,
  ConditionsRefused,
  type ObjectBody,
  type PutOptions,
} from '../objects/object-store.js';
import { versionIfOurs } from '../services/ours.js';
import type { S3Connection } from './connection.js';
import type { S3Error } from './errors.js';
import { putInParts } from './put-in-parts.js';
import { putRenewed } from './put-renewed.js';
import { readObject } from './read-object.js';
import { versionOf } from './write-parameters.js';

/**
 * Stores an object: in one request, or in parts where it is large.
 *
 * @returns its version
 * @throws ConditionFailed
 */
export async function putObject(
  connection: S3Connection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
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
    if (options.condition === undefined) throw error;
    if (refusesConditions(error)) throw new ConditionsRefused(shortly(error), { cause: error });
    if (!isConditionFailure(error)) throw error;
    const version = isRepeated(error)
      ? versionIfOurs(await readObject(connection, key, options.signal), body)
      : undefined;
    if (version !== undefined) return { version };
    throw new ConditionFailed(`'${key}' is not as it was.`, { cause: error });
  }
}

/**
 * Whether a service's error says that a condition does not hold: 412; 409 where another write was under way at the
 * same time; 404 where the object whose version was asked for is gone.
 */
export function isConditionFailure(error: unknown): error is S3Error {
  if (!(error instanceof Error)) return false;
  const status = (error as S3Error).$metadata?.httpStatusCode;
  if (status === 404) return error.name !== 'NoSuchBucket';
  return status === 412 || error.name === 'ConditionalRequestConflict';
}

/** Whether a service says that it does not know conditions, in one of the ways that are seen of such. */
function refusesConditions(error: unknown): error is S3Error {
  if (!(error instanceof Error)) return false;
  const { httpStatusCode: status } = (error as S3Error).$metadata ?? {};
  if (status === 501 || error.name === 'NotImplemented') return true;
  return status === 400 && /if-(?:none-)?match|condition/i.test(error.message);
}

function shortly({ name, message, $metadata }: S3Error): string {
  return `it answered ${$metadata?.httpStatusCode ?? ''} ${name}: ${message}`;
}

function isRepeated({ $metadata }: S3Error): boolean {
  return ($metadata?.attempts ?? 1) > 1;
}
