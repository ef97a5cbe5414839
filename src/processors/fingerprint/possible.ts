import { posix } from 'node:path';
import { startTimeSlice } from '../../concurrency/time-slice.js';
import { readBody } from '../../model/body.js';
import { createResolver } from '../../references/resolve.js';
import type { NamedString } from '../../references/strings/named-string.js';
import { stringScannerFor } from '../../references/strings/string-scanners.js';
import { quoted } from '../../text/printable.js';

import type { ProcessorContext } from '../processor.js';
import type { FingerprintMemory } from './memory.js';
import type { TrackedFile } from './track-files.js';

/** A string that names a file of the run by its plain name, although it is not a reference. */
interface PossibleReference extends NamedString {
  /** Logical path of the file that it names. */
  readonly target: string;
}

/** The possible references by the file that contains them. */
export type PossibleReferences = ReadonlyMap<TrackedFile, readonly PossibleReference[]>;

/** Files that no page loads. */
const NOT_LOADED =
  /\.(?:map|md|[cm]?ts|[jt]sx|vue|svelte|s[ac]ss|less|styl|flow|coffee|py|sh)$|(?:^|\/)(?:package|bower)\.json$/i;

/** Files that a page may load by a name without folder, which a script puts together with one. */
const DATA = /\.(?:png|gif|jpe?g|svg|webp|avif|ico|cur|wasm|data|bin|woff2?|ttf|otf|mp[34]|ogg|webm)$/i;

/**
 * Finds the strings in scripts, JSON files, attributes and playlists that name files which get new names. Reads all files
 * of these types.
 */
export async function findPossible(
  files: readonly TrackedFile[],
  { staticUrl, signal }: Pick<ProcessorContext, 'staticUrl' | 'signal'>,
  memory: Pick<FingerprintMemory, 'strings' | 'addStrings'>,
): Promise<PossibleReferences> {
  const targetOf = targetFinder(files, staticUrl);
  const found = new Map<TrackedFile, readonly PossibleReference[]>();
  const slice = startTimeSlice(signal);
  for (const file of files) {
    if (slice.isOver()) await slice.yield();
    const strings = await stringsOf(file, memory);
    if (strings.length === 0) continue;
    const known = knownPlaces(file);
    const possible = strings.flatMap((each) => {
      if (known.has(each.start)) return [];
      const target = targetOf(each, file);
      return target === undefined ? [] : [{ ...each, target }];
    });
    if (possible.length > 0) found.set(file, possible);
  }
  return found;
}

async function stringsOf(
  { output, body }: TrackedFile,
  memory: Pick<FingerprintMemory, 'strings' | 'addStrings'>,
): Promise<readonly NamedString[]> {
  if (output.variantOf !== undefined) return NO_STRINGS;
  const scan = await stringScannerFor(output.logicalPath);
  if (scan === undefined) return NO_STRINGS;
  const known = body.kind === 'file' ? memory.strings(body.file) : undefined;
  if (known !== undefined) return known;
  const bytes = readBody(body);
  const strings = scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (body.kind === 'file' && body.stamp) memory.addStrings(body.file, body.stamp, strings);
  return strings;
}

const NO_STRINGS: readonly NamedString[] = [];

/** How many files the warning names. */
const WORST = 3;

/** Warns once about possible references to plain names that are not published. */
export function warnPossible(possible: PossibleReferences, { warn }: Pick<ProcessorContext, 'warn'>): void {
  if (possible.size === 0) return;
  const byCount = [...possible].sort(([, a], [, b]) => b.length - a.length);
  const count = byCount.reduce((sum, [, strings]) => sum + strings.length, 0);
  const worst = byCount
    .slice(0, WORST)
    .map(([{ output }, strings]) => `${quoted(output.logicalPath)} (${strings.length})`);
  const more = possible.size > WORST ? ` and ${possible.size - WORST} more` : '';
  const strings = count === 1 ? '1 string names a file' : `${count} strings name files`;
  const message =
    `${strings} that will be published under another name only (originals: false), in ${worst.join(', ')}${more}. ` +
    "To list them, run with --references FILE and look for the status 'possible'. " +
    "Files that scripts load by such a string must keep their names: add them to the option 'exclude' of fingerprint.";
  warn({ code: 'possible-reference', message });
}

/** The offsets of references, which are reported as such. */
function knownPlaces({ digest: { scan } }: TrackedFile): ReadonlySet<number> {
  const { references = [], skipped = [] } = scan ?? {};
  return new Set([...references, ...skipped].map(({ start }) => start));
}

/** Returns the logical path of the file that a string names, if that file gets another name. */
type TargetOf = (string: NamedString, file: TrackedFile) => string | undefined;

function targetFinder(files: readonly TrackedFile[], staticUrl: string): TargetOf {
  const resolve = createResolver(staticUrl);
  const renamed = new Set<string>();
  const byName = new Map<string, string[]>();
  for (const { output, keepsName } of files) {
    const { logicalPath } = output;
    if (keepsName) continue;
    renamed.add(logicalPath);
    if (!DATA.test(logicalPath)) continue;
    const name = posix.basename(logicalPath);
    const sameName = byName.get(name);
    if (sameName === undefined) byName.set(name, [logicalPath]);
    else sameName.push(logicalPath);
  }
  return (string, file) => {
    const target = named(string, file);
    // In a playlist, `.ts` is a video.
    const isLoaded = string.kind === 'playlist-uri' || !NOT_LOADED.test(target ?? '');
    return isLoaded ? target : undefined;
  };

  function named({ value }: NamedString, { output }: TrackedFile): string | undefined {
    // Mostly the name of the product, in a message or a stack trace.
    if (value === posix.basename(output.logicalPath)) return undefined;
    const resolution = resolve(value, output.logicalPath);
    const exact = 'logicalPath' in resolution ? resolution.logicalPath : undefined;
    if (exact !== undefined && renamed.has(exact)) return exact;
    const path = value.replace(/[?#].*$/s, '');
    if (/^(?:\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(path)) return undefined;
    const folder = posix.dirname(output.logicalPath);
    return path.includes('/') ? aboveFolder(path, folder) : belowFolder(path, folder);
  }

  /** A page or a setting may make a path relative to any folder above the script. */
  function aboveFolder(path: string, from: string): string | undefined {
    for (let folder = from; ; folder = posix.dirname(folder)) {
      const candidate = posix.join(folder, path);
      if (renamed.has(candidate)) return candidate;
      if (folder === '.') return undefined;
    }
  }

  /** `marker-icon.png` in `leaflet/leaflet.js` is `leaflet/images/marker-icon.png` if there is only one. */
  function belowFolder(name: string, folder: string): string | undefined {
    const start = folder === '.' ? '' : `${folder}/`;
    const below = byName.get(name)?.filter((each) => each.startsWith(start)) ?? [];
    return below.length === 1 ? below[0] : undefined;
  }
}
