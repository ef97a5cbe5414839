import { isRecord } from '../text/json.js';
import { detailsNameOf } from './manifest.js';

/** Ids that are invalid as a folder's name. One that begins with a dot would be hidden, or clash with the tool's files. */
const NO_RELEASE_ID = /^$|^\.|[/\\\p{Cc}]/u;

/** Whether a text can be the id of a release, and so the name of its folder. */
export function isReleaseId(id: string): boolean {
  return !NO_RELEASE_ID.test(id);
}

/** Public paths of a release's own files, in the storage of the active manifest. */
export interface ReleaseNames {
  readonly manifest: string;
  readonly details: string;
  readonly note: string;
}

/**
 * Returns the public paths of a release's own files.
 *
 * @example
 * releaseNames('v42', 'staticfiles.json').manifest; // 'v42/staticfiles.json'
 */
export function releaseNames(id: string, manifestName: string): ReleaseNames {
  return {
    manifest: `${id}/${manifestName}`,
    details: `${id}/${detailsNameOf(manifestName)}`,
    note: `${id}/${NOTE_NAME}`,
  };
}

/** Note beside a release's manifest. */
export interface ReleaseNote {
  readonly id: string;
  /** Time at which the manifest was last written. */
  readonly published: Date;
}

const NOTE_NAME = 'release.json';

const NOTE_VERSION = '1.0';

/** Returns the bytes of a note. The manifest cannot contain the date: the same files must give the same manifest. */
export function releaseNoteBytes({ id, published }: ReleaseNote): Buffer {
  const note = { version: NOTE_VERSION, id, published: published.toISOString() };
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** Returns when a release was published; `undefined` if its note does not contain a date. */
export function parseReleaseNote(text: string): Date | undefined {
  try {
    const note: unknown = JSON.parse(text);
    const published = new Date(isRecord(note) ? String(note.published) : Number.NaN);
    return Number.isNaN(published.getTime()) ? undefined : published;
  } catch {
    return undefined;
  }
}
