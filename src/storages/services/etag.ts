import { ServiceLack } from './service-lack.js';

/**
 * A version from an ETag: without its quotes, which some services leave out of listings.
 *
 * @throws ServiceLack if the service gave none
 */
export function versionOf(etag: string | undefined): string {
  if (etag !== undefined && etag !== '') return etag.replace(/^(?:W\/)?"(.*)"$/, '$1');
  throw new ServiceLack(
    'the service gives no ETag with its answer, which says whether an object is still the same',
  );
}

/** The ETag of a version. */
export function etagOf(version: string): string {
  return `"${version}"`;
}
