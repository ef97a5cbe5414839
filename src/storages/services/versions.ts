import { ServiceLack } from './errors.js';

/**
 * Returns the version that an ETag stands for: the ETag without its quotes, which some services omit in listings.
 *
 * @throws ServiceLack if there is no ETag
 */
export function versionOf(etag: string | undefined): string {
  if (etag !== undefined && etag !== '') return etag.replace(/^(?:W\/)?"(.*)"$/, '$1');
  throw new ServiceLack('the service sends no ETag, which is needed to see whether an object has changed');
}

/** Returns the ETag of a version. */
export function etagOf(version: string): string {
  return `"${version}"`;
}
