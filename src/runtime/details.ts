import { StaticFilesError } from '../errors.js';
import { isRecord, parseJson } from './json.js';
import type { FileDetails } from './tags.js';

/** What the look-up takes from `staticfiles.details.json` (docs/manifest.md). */
export interface Details {
  /** The hash of the manifest that they belong to. */
  readonly manifest: unknown;
  /** By public path. */
  readonly files: Readonly<Record<string, FileDetails>>;
}

/**
 * Reads the details of a manifest. Each file's are read as they are: checking tens of thousands would delay the start.
 *
 * @throws StaticFilesError `target` where they are damaged
 */
export function parseDetails(text: string, where: string): Details {
  const details = parseJson(text, where);
  assertDetails(details, where);
  return details;
}

/** @throws StaticFilesError `target` for details of another form */
export function assertDetails(
  details: Readonly<Record<string, unknown>>,
  where: string,
): asserts details is Details & Readonly<Record<string, unknown>> {
  if (details.version === '1.0' && isRecord(details.files)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' holds no details of version '1.0'. ` +
      'Run collectstatic again, with the version of staticfiles that this application has.',
  );
}
