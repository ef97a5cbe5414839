import type { FileMetadata } from '@google-cloud/storage';
import type { Condition, ListedObject, ObjectHeaders } from '../objects/object-store.js';
import { ServiceLack } from '../services/errors.js';

/** An object as the service tells of it: https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
export interface ObjectResource {
  readonly name: string;
  readonly size?: string | number;
  readonly generation?: string | number;
  readonly md5Hash?: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly updated?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a listing is asked for. */
export const LISTED_FIELDS =
  'nextPageToken,items(name,size,generation,md5Hash,contentType,cacheControl,contentEncoding,contentDisposition,contentLanguage,updated,metadata)';

/** The headers as the service takes them; those that an object is not to have are taken away by `null`. */
export function toMetadata(headers: ObjectHeaders): FileMetadata {
  const { contentType, cacheControl, contentEncoding, contentDisposition, contentLanguage, metadata } =
    headers;
  return {
    contentType,
    cacheControl,
    contentEncoding: contentEncoding ?? null,
    contentDisposition: contentDisposition ?? null,
    contentLanguage: contentLanguage ?? null,
    metadata: { ...metadata },
  } as FileMetadata;
}

export function toListed(resource: ObjectResource): ListedObject {
  const { name, size = 0, md5Hash, updated } = resource;
  return {
    key: name,
    size: Number(size),
    version: versionOf(resource.generation),
    // An object that was put together of others has none.
    ...(md5Hash !== undefined && { md5: Buffer.from(md5Hash, 'base64').toString('hex') }),
    headers: toHeaders(resource),
    ...(updated !== undefined && { modified: Date.parse(updated) }),
  };
}

function toHeaders(resource: ObjectResource): ObjectHeaders {
  const { contentType = '', cacheControl = '', metadata = {} } = resource;
  const { contentEncoding, contentDisposition, contentLanguage } = resource;
  return {
    contentType,
    cacheControl,
    ...(contentEncoding && { contentEncoding }),
    ...(contentDisposition && { contentDisposition }),
    ...(contentLanguage && { contentLanguage }),
    metadata,
  };
}

/** A version from a generation: https://cloud.google.com/storage/docs/object-versioning#behavior */
export function versionOf(generation: string | number | undefined): string {
  if (generation === undefined)
    throw new ServiceLack(
      'the service gives no generation with its answer, which says whether an object is still the same',
    );
  return String(generation);
}

/** A condition as the service takes it: https://cloud.google.com/storage/docs/request-preconditions */
export function generationMatch(condition: Condition | undefined): { ifGenerationMatch?: number | string } {
  if (condition === undefined) return {};
  return { ifGenerationMatch: 'absent' in condition ? 0 : condition.version };
}
