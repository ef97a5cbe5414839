import { isRecord } from '../text/json.js';
import { detailsNameOf } from './manifest.js';

/** What no folder of a release may be called; a name that begins with a dot is hidden, or one of this tool's own. */
const NO_RELEASE_ID = /^$|^\.|[/\\\p{Cc}]/u;

/** Whether a text can be the id of a release: the name of the folder in which its manifest stands. */
export function isReleaseId(id: string): boolean {
  return !NO_RELEASE_ID.test(id);
}

/** Where the files of a release stand, in the storage of the newest manifest. */
export interface ReleaseNames {
  readonly manifest: string;
  readonly details: string;
  readonly note: string;
}

/**
 * The names of a release's files.
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

/** What is noted beside a release's manifest. */
export interface ReleaseNote {
  readonly id: string;
  /** When its manifest was last written. */
  readonly published: Date;
}

const NOTE_NAME = 'release.json';

const NOTE_VERSION = '1.0';

/** The bytes of a note. They are apart from the manifest, which is the same however often it is published. */
export function releaseNoteBytes({ id, published }: ReleaseNote): Buffer {
  const note = { version: NOTE_VERSION, id, published: published.toISOString() };
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** When a release was published, by the text of its note; `undefined` where it does not tell. */
export function parseReleaseNote(text: string): Date | undefined {
  try {
    const note: unknown = JSON.parse(text);
    const published = new Date(isRecord(note) ? String(note.published) : Number.NaN);
    return Number.isNaN(published.getTime()) ? undefined : published;
  } catch {
    return undefined;
  }
}
