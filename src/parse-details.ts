import { StaticFilesError } from './errors.js';
import { isRecord, parseJson } from './json.js';

/** What stands in the details of a manifest (docs/manifest.md), by a reader who knows of a `File` what it needs. */
export interface Details<File> {
  /** The hash of the manifest that they belong to. */
  readonly manifest: unknown;
  /** By public path. */
  readonly files: Readonly<Record<string, File>>;
}

/**
 * Reads the details of a manifest. Each file's are read as they are: checking tens of thousands would delay the start.
 *
 * @throws StaticFilesError `target` where they are damaged
 */
export function parseDetails<File>(text: string, where: string): Details<File> {
  const details = parseJson(text, where);
  assertDetails<File>(details, where);
  return details;
}

/** @throws StaticFilesError `target` for details of another form */
export function assertDetails<File>(
  details: Readonly<Record<string, unknown>>,
  where: string,
): asserts details is Details<File> & Readonly<Record<string, unknown>> {
  if (details.version === '1.0' && isRecord(details.files)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' holds no details of version '1.0'. ` +
      'Run collectstatic again, with the version of staticfiles that this application has.',
  );
}
