import { readBody } from '../../model/body.js';
import { posixDirname, publicUrl } from '../../model/public-path.js';
import { positionsOf } from '../../references/position.js';
import type { SkippedReference } from '../../references/reference.js';
import { createResolver } from '../../references/resolve.js';
import { printableName } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { type TrackedFile, withComputedName } from './track-files.js';

/** A URL with parts that are only known at run time, and the files that it can name. */
interface ComputedUrl {
  readonly url: SkippedReference;
  /** The index of the file that contains it. */
  readonly file: number;
  /** A glob of logical paths: `js/plugins/*.js`. */
  readonly pattern: string;
  /** The indexes of the files that it can name. They keep their names. */
  readonly targets: readonly number[];
}

/** The computed URLs that name a folder of the run, by the index of the file that contains them. */
export type ComputedUrls = ReadonlyMap<number, readonly ComputedUrl[]>;

type Context = Pick<ProcessorContext, 'staticUrl' | 'resolveSpecifier'>;

/** Stands for what is only known at run time. No path contains it. */
const ANY = '\0';

/** Finds the computed URLs of a run, and the files that they can name. */
export function findComputedUrls(
  files: readonly TrackedFile[],
  rules: FingerprintRules,
  context: Context,
): ComputedUrls {
  const find = urlFinder(files, rules, context);
  const found = new Map<number, readonly ComputedUrl[]>();
  for (const [file, { output, digest }] of files.entries()) {
    const { skipped = [] } = digest.scan ?? {};
    if (skipped.length === 0 || rules.ignoresComputed(output.logicalPath)) continue;
    const urls = skipped.flatMap((url) => find(url, file) ?? []);
    if (urls.length > 0) found.set(file, urls);
  }
  return found;
}

/**
 * Returns a function that finds the files that a URL can name, without the file that contains it. An unknown value stands
 * for any text without a slash, as in Vite: https://vite.dev/guide/features.html#dynamic-import
 */
function urlFinder(files: readonly TrackedFile[], rules: FingerprintRules, context: Context) {
  const resolve = createResolver(context.staticUrl);
  const isMapped = mappedBy(context);
  const candidatesFor = candidateFinder(files);
  return (url: SkippedReference, file: number): ComputedUrl | undefined => {
    const { parts, extensions, kind } = url;
    if (parts === undefined || !isRewritten(kind, rules.references)) return undefined;
    const resolution = resolve(parts.join(ANY), files[file]!.output.logicalPath);
    if ('leftAlone' in resolution) return undefined;
    const matches = pathMatcher(resolution.logicalPath);
    const canName = (path: string) =>
      matches(path) &&
      (extensions === undefined || extensions.some((extension) => path.endsWith(extension))) &&
      !rules.ignoresComputed(path) &&
      !(isSpecifier(kind) && isMapped(path));
    const targets = candidatesFor(resolution.logicalPath).filter(
      (index) => index !== file && canName(files[index]!.output.logicalPath),
    );
    return { url, file, pattern: resolution.logicalPath.replace(/\0+/g, '*'), targets };
  };
}

/** Returns the files, of which those that a computed URL can name keep their names. */
export function keepComputedNames(
  files: readonly TrackedFile[],
  computed: ComputedUrls,
): readonly TrackedFile[] {
  const targets = new Set([...computed.values()].flat().flatMap((url) => url.targets));
  return files.map((file, index) => withComputedName(file, targets.has(index)));
}

/** Whether a browser looks the URL up in the page's import map. */
function isSpecifier(kind: string): boolean {
  return kind === 'js-dynamic-import' || kind === 'js-import-meta-resolve';
}

/** Returns whether the import map maps a file's plain URL to the published one: a fingerprint does no harm then. */
function mappedBy({ staticUrl, resolveSpecifier }: Context): (logicalPath: string) => boolean {
  return (logicalPath) => resolveSpecifier(publicUrl(staticUrl, logicalPath)) === logicalPath;
}

/** Returns a function that finds the files that may match a path with {@link ANY}. */
function candidateFinder(files: readonly TrackedFile[]): (path: string) => readonly number[] {
  let byFolder: Map<string, number[]> | undefined;
  const index = () => {
    const folders = new Map<string, number[]>();
    for (const [file, { output, keepsName }] of files.entries()) {
      if (keepsName === 'already-named') continue;
      const folder = posixDirname(output.logicalPath);
      const others = folders.get(folder);
      if (others === undefined) folders.set(folder, [file]);
      else others.push(file);
    }
    return folders;
  };
  return (path) => {
    byFolder ??= index();
    const folder = posixDirname(path);
    if (!folder.includes(ANY)) return byFolder.get(folder) ?? [];
    const matches = pathMatcher(folder);
    return [...byFolder].flatMap(([each, inFolder]) => (matches(each) ? inFolder : [])).sort((a, b) => a - b);
  };
}

/** Returns a test for paths. Not a regular expression: several `[^/]*` in one name can take exponential time. */
function pathMatcher(path: string): (logicalPath: string) => boolean {
  const names = path.split('/').map((name) => name.split(ANY));
  return (logicalPath) => {
    const others = logicalPath.split('/');
    return others.length === names.length && names.every((parts, at) => matchesName(parts, others[at]!));
  };
}

function matchesName(parts: readonly string[], name: string): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return name === first;
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= end;
}

const MODULE = /\.m?js$/i;

/** How many places a warning names, and how much of each argument it shows. */
const SHOWN = 5;
const SHOWN_LENGTH = 60;

/**
 * Warns about `import()` calls of which not even the beginning is known, if their file is beside modules, or above them.
 * What such a call loads under its plain name, the rest of the page loads under its fingerprinted name.
 */
export function warnUnknownImports(
  files: readonly TrackedFile[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const isMapped = mappedBy(context);
  const asking = files.flatMap((file) => {
    const { logicalPath } = file.output;
    const unknown = (file.digest.scan?.skipped ?? []).filter(isUnknownImport);
    return unknown.length > 0 && !rules.ignoresComputed(logicalPath) ? [{ file, unknown }] : [];
  });
  if (asking.length === 0 || !rules.references.javascript) return;
  const modules = files.flatMap(({ output: { logicalPath }, keepsName }) =>
    keepsName === undefined && MODULE.test(logicalPath) ? [logicalPath] : [],
  );
  const places = asking.flatMap(({ file, unknown }) => {
    const { logicalPath, source } = file.output;
    const folder = logicalPath.slice(0, logicalPath.lastIndexOf('/') + 1);
    const isBeside = (other: string) =>
      other !== logicalPath && other.startsWith(folder) && !rules.ignoresComputed(other) && !isMapped(other);
    if (!modules.some(isBeside)) return [];
    const bytes = Buffer.from(readBody(file.body));
    const path = printableName(source?.sourcePath ?? logicalPath);
    const offsets = unknown.map(({ start }) => start);
    return positionsOf(bytes, offsets).map(({ line, column }, at) => {
      const { start, end } = unknown[at]!;
      return `${path}:${line}:${column}: import(${shortened(bytes.toString('utf8', start, end))})`;
    });
  });
  if (places.length > 0) context.warn({ code: 'computed-import', message: unknownText(places, rules) });
}

function isUnknownImport({ kind, reason, parts }: SkippedReference): boolean {
  return kind === 'js-dynamic-import' && reason === 'computed' && parts === undefined;
}

function unknownText(places: readonly string[], { originals }: FingerprintRules): string {
  const unknown =
    places.length === 1
      ? 'The URL of an import() call is unknown'
      : `The URLs of ${places.length} import() calls are unknown`;
  const it = places.length === 1 ? 'it loads' : 'they load';
  const danger = originals
    ? `A module that ${it} by its plain name is loaded twice if others import it too`
    : `A module that ${it} by its plain name is not found (originals: false)`;
  return [
    `${unknown}. ${danger}.`,
    ...places.slice(0, SHOWN),
    ...(places.length > SHOWN ? [`… and ${places.length - SHOWN} more`] : []),
    "Add these modules to the option 'exclude' of fingerprint, or map their URLs (docs/references.md#computed-urls).",
  ].join('\n');
}

function shortened(expression: string): string {
  const line = expression.replace(/\s+/g, ' ');
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line;
}
