import type { FileMetadata } from '@google-cloud/storage';
import type { Condition, ListedObject, ObjectHeaders } from '../objects/object-store.js';
import { ServiceLack } from '../services/errors.js';

/** An object as the service describes it: https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
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

/** The fields that a listing requests. */
export const LISTED_FIELDS =
  'nextPageToken,items(name,size,generation,md5Hash,contentType,cacheControl,contentEncoding,contentDisposition,contentLanguage,updated,metadata)';

/** Converts headers to the service's metadata. `null` removes a header that the object had. */
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
    // A composite object has none.
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

/**
 * Returns the version that a generation stands for: https://cloud.google.com/storage/docs/object-versioning#behavior
 *
 * @throws ServiceLack if there is no generation
 */
export function versionOf(generation: string | number | undefined): string {
  if (generation === undefined)
    throw new ServiceLack(
      'the service sends no generation, which is needed to see whether an object has changed',
    );
  return String(generation);
}

/** Converts a condition to the service's precondition: https://cloud.google.com/storage/docs/request-preconditions */
export function generationMatch(condition: Condition | undefined): { ifGenerationMatch?: number | string } {
  if (condition === undefined) return {};
  return { ifGenerationMatch: 'absent' in condition ? 0 : condition.version };
}
