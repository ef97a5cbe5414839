import { posix } from 'node:path';
import type { Output } from '../../model/output.js';
import type { HiddenFile } from '../../model/static-file.js';
import { similarUrl } from '../../references/resolve.js';
import { quoted } from '../../text/printable.js';
import { pathSuggester } from '../../text/suggest.js';
import type { ProcessorContext } from '../processor.js';
import type { Link } from './links.js';

/** What helps with a missing reference. */
interface Hint {
  /** One or more sentences: `Browsers need the extension. Did you mean './loader.js'?` */
  readonly text: string;
  /** The URL to write instead. */
  readonly suggestion?: string;
  /** Whether only a bundler can resolve the reference: without an extension, or to a folder. */
  readonly isForBundler?: true;
}

/** Returns the hint for a link to a missing file; `undefined` if nothing helps. */
export type HintFor = (link: Link, referring: Output) => Promise<Hint | undefined>;

/** How many paths are looked for. Each takes a search among all names, and so many are not typing errors. */
const LOOK_UPS = 100;

/** Source files that browsers cannot load. */
const NOT_FOR_BROWSERS = /\.(?:[cm]?ts|[jt]sx|vue|svelte|s[ac]ss|less|styl)$/i;

/**
 * Returns a function that finds out why a file is missing: an ignore pattern hides it, its name has another Unicode form,
 * the reference lacks the extension or names a folder, or the name is misspelt.
 *
 * @param names logical paths of all files
 */
export function hints(
  names: readonly string[],
  { hiddenFile }: Pick<ProcessorContext, 'hiddenFile'>,
): HintFor {
  const hidden = memoized(hiddenFile, LOOK_UPS);
  // Made for the first file of the project: missing references of packages, which are common, need neither.
  let index: NameIndex | undefined;
  let nearest: ReturnType<typeof memoized<readonly string[]>> | undefined;

  return async ({ reference, logicalPath }, { logicalPath: referringPath, source }) => {
    const others = (paths: readonly string[] = []) => paths.filter((path) => path !== referringPath);
    const urlOf = (path: string) => similarUrl(reference.url, logicalPath, path, referringPath);
    const left = await hidden(logicalPath);
    if (left !== undefined) return hiddenHint(left);
    if (source?.root.vendor) return undefined; // nobody here can fix a package
    index ??= indexOf(names);
    nearest ??= memoized(pathSuggester(names), LOOK_UPS);
    const [sameName] = others(index.byForm.get(logicalPath.normalize('NFC')));
    if (sameName !== undefined) return otherForm(logicalPath, sameName, escaped(urlOf(sameName)));
    const withExtension = bestOf(others(index.byStem.get(logicalPath)), reference.kind);
    if (withExtension !== undefined)
      return forBundler('Browsers need the extension', withExtension, urlOf(withExtension));
    const indexFile = bestOf(others(index.byStem.get(posix.join(logicalPath, 'index'))), reference.kind);
    if (indexFile !== undefined)
      return forBundler('It is a folder, in which browsers look for no file', indexFile, urlOf(indexFile));
    const [near] = others((await nearest(logicalPath)) ?? []);
    const suggestion = near === undefined ? undefined : urlOf(near);
    if (suggestion === undefined || suggestion === reference.url) return undefined;
    return { text: `Did you mean ${quoted(suggestion)}?`, suggestion };
  };
}

function hiddenHint({ pattern, by }: HiddenFile): Hint {
  const why =
    by === 'include'
      ? `no pattern of include matches it (${pattern})`
      : `the ignore pattern ${quoted(pattern)} hides it`;
  return { text: `It exists, but ${why}.` };
}

/** The names in the ways in which a reference may miss them. */
interface NameIndex {
  /** By the name without its extension. */
  readonly byStem: ReadonlyMap<string, readonly string[]>;
  /** By the composed form of a name. Only names with other letters than those of ASCII. */
  readonly byForm: ReadonlyMap<string, readonly string[]>;
}

function indexOf(names: readonly string[]): NameIndex {
  const byStem = new Map<string, string[]>();
  const byForm = new Map<string, string[]>();
  for (const name of names) {
    const { length } = posix.extname(name);
    if (length > 0) listAt(byStem, name.slice(0, -length)).push(name);
    if (/[^\0-\x7f]/.test(name)) listAt(byForm, name.normalize('NFC')).push(name);
  }
  return { byStem, byForm };
}

function listAt(lists: Map<string, string[]>, key: string): string[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Extensions in the order in which bundlers try them. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  js: ['.js', '.mjs', '.json'],
  css: ['.css'],
};

/** Returns the file that a bundler would take; `undefined` if several are equally likely. */
function bestOf(paths: readonly string[], kind: string): string | undefined {
  const order = ORDER[kind.slice(0, kind.indexOf('-'))] ?? [];
  const first = order.flatMap((extension) => paths.filter((path) => path.endsWith(extension)))[0];
  return first ?? (paths.length === 1 ? paths[0] : undefined);
}

function forBundler(why: string, path: string, suggestion: string): Hint {
  if (NOT_FOR_BROWSERS.test(path))
    return {
      text: `${why}, and they cannot load ${quoted(path)}. Bundle or compile it.`,
      isForBundler: true,
    };
  return { text: `${why}. Did you mean ${quoted(suggestion)}?`, suggestion, isForBundler: true };
}

/** Both names look the same, so the suggestion is escaped. */
function otherForm(asked: string, name: string, suggestion: string): Hint {
  const forms = `the file is in ${formOf(name)}, the reference in ${formOf(asked)}`;
  const text = `A file has the same name in another Unicode form: ${forms}. Rename the file, or write ${quoted(suggestion)}.`;
  return { text, suggestion };
}

function formOf(name: string): string {
  return ['NFC', 'NFD'].find((form) => name.normalize(form) === name) ?? 'a mixed form';
}

function escaped(url: string): string {
  return url.replace(/[^\0-\x7f]+/g, encodeURIComponent);
}

/** Remembers the answers, and stops asking after some. */
function memoized<Answer>(
  ask: (path: string) => Answer | Promise<Answer>,
  limit: number,
): (path: string) => Promise<Answer | undefined> {
  const known = new Map<string, Answer>();
  return async (path) => {
    if (!known.has(path) && known.size < limit) known.set(path, await ask(path));
    return known.get(path);
  };
}
