import path from 'node:path';
import picomatch from 'picomatch';
import type { SearchRoot } from '../model/static-file.js';
import type { FindContext } from './finder.js';
import { fnmatchExpression } from './fnmatch.js';

/** Ignore patterns. Each method returns the first pattern that matches, as it was written, or `undefined`. */
export interface IgnoreRules {
  /** Compares the base name of a file, and its POSIX path below the root. */
  hidingFile(name: string, relativePath: string): string | undefined;
  /** Compares the base name of a folder, and its POSIX path below the root. */
  hidingFolder(name: string, relativePath?: string): string | undefined;
}

interface Rule {
  readonly pattern: string;
  matches(name: string, relativePath: string): boolean;
  /** A regular expression of all names that may match, if paths do not matter. */
  readonly names?: string;
}

/**
 * Returns the rules of patterns (docs/patterns.md). They are normalized first, as in Django: `./a.txt` means `a.txt`.
 *
 * @param matched called once for each pattern that matches something, even if another one matches it too
 * @example
 * ignoreRules(['*.map']).hidingFile('app.js.map', 'js/app.js.map') // '*.map'
 */
export function ignoreRules(patterns: readonly string[], matched?: (pattern: string) => void): IgnoreRules {
  const rules = patterns.map(ruleOf);
  const unmatched = new Set(matched && rules);
  const mayHide = quickTest(rules);
  const hiding = (name: string, relativePath: string) => {
    if (!mayHide(name, relativePath)) return undefined;
    const first = rules.find((rule) => rule.matches(name, relativePath));
    if (first === undefined || unmatched.size === 0) return first?.pattern;
    for (const rule of unmatched) {
      if (!rule.matches(name, relativePath)) continue;
      unmatched.delete(rule);
      matched!(rule.pattern);
    }
    return first.pattern;
  };
  return { hidingFile: hiding, hidingFolder: (name, relativePath = name) => hiding(name, relativePath) };
}

/**
 * Returns a test that leaves few names for the rules. One regular expression for all usual patterns takes a fraction of the
 * time of a call for each: nearly every file matches none.
 */
function quickTest(rules: readonly Rule[]): Rule['matches'] {
  const names = rules.flatMap((rule) => rule.names ?? []);
  const expression = names.length === 0 ? undefined : new RegExp(names.join('|'));
  const others = rules.filter((rule) => rule.names === undefined);
  return (name, relativePath) =>
    expression?.test(name) || others.some((rule) => rule.matches(name, relativePath));
}

/**
 * Returns whether patterns match a file, or a folder that it is in.
 *
 * @param matched see {@link ignoreRules}
 */
export function includeRules(
  patterns: readonly string[],
  matched?: (pattern: string) => void,
): (relativePath: string) => boolean {
  const rules = ignoreRules(patterns, matched);
  const folders = new Map<string, boolean>([['.', false]]);
  const includesFolder = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const included =
      rules.hidingFolder(path.posix.basename(folder), folder) !== undefined ||
      includesFolder(path.posix.dirname(folder));
    folders.set(folder, included);
    return included;
  };
  return (relativePath) =>
    rules.hidingFile(path.posix.basename(relativePath), relativePath) !== undefined ||
    includesFolder(path.posix.dirname(relativePath));
}

/** What of a search root is collected. */
export interface RootRules extends IgnoreRules {
  /** Whether a file is one of those to take. */
  includes(relativePath: string): boolean;
}

/** Returns the rules of a search root: the patterns of the run, and its own. */
export function rootRules(
  { include, ignore = [] }: Pick<SearchRoot, 'include' | 'ignore'>,
  context: Pick<FindContext, 'ignore' | 'matched'>,
): RootRules {
  const reportTo = (list: readonly string[]) =>
    context.matched && ((pattern: string) => context.matched!(pattern, list));
  const ofRun = ignoreRules(context.ignore, reportTo(context.ignore));
  const includes = include === undefined ? () => true : includeRules(include, reportTo(include));
  if (ignore.length === 0) return { ...ofRun, includes };
  const own = ignoreRules(ignore, reportTo(ignore));
  return {
    hidingFile: (name, relativePath) =>
      ofRun.hidingFile(name, relativePath) ?? own.hidingFile(name, relativePath),
    hidingFolder: (name, relativePath) =>
      ofRun.hidingFolder(name, relativePath) ?? own.hidingFolder(name, relativePath),
    includes,
  };
}

/** RFC 8615 reserves this name for files that other sites and programs look for, so `.*` does not hide it. */
const WELL_KNOWN = '.well-known';

function ruleOf(pattern: string): Rule {
  const normal = normalize(pattern);
  if (normal === '.*')
    return { pattern, matches: (name) => name.startsWith('.') && name !== WELL_KNOWN, names: '^\\.' };
  const simple = /^(\*?)([^*?[{(/]+)(\*?)$/.exec(normal);
  if (simple) return { pattern, ...simpleRule(simple[1]!, simple[2]!, simple[3]!) };
  if (normal.startsWith('/')) {
    const matches = matcherOf(normal.slice(1));
    return { pattern, matches: (_, relativePath) => matches(relativePath) };
  }
  const matches = matcherOf(normal);
  return { pattern, matches: (name, relativePath) => matches(name) || matches(relativePath) };
}

/** What means something in a glob only: folders that may be missing, alternatives. */
const GLOB = /\*\*\/|\{|[@?*+!]\(/;

/** Such a pattern is taken for both, so that what Django hides is hidden here too. */
function matcherOf(pattern: string): (text: string) => boolean {
  const expression = fnmatchExpression(pattern);
  if (!GLOB.test(pattern)) return (text) => expression.test(text);
  // With `bash`, a star also matches slashes, as in fnmatch.
  const glob = picomatch(pattern, { dot: true, bash: true, nonegate: true });
  return (text) => expression.test(text) || glob(text);
}

/**
 * Returns the rule of a text without a slash and with stars only at its ends: `CVS`, `*~`. Such a pattern matches a path only
 * if it matches a name in it. Nearly all patterns are like this, and each file of a walk is compared with all of them.
 */
function simpleRule(before: string, text: string, after: string): Omit<Rule, 'pattern'> {
  const names = `${before ? '' : '^'}${text.replace(/[\\^$.|+)\]}]/g, '\\$&')}${after ? '' : '$'}`;
  if (before && after) return { names, matches: (name) => name.includes(text) };
  if (before) return { names, matches: (name) => name.endsWith(text) };
  if (after) return { names, matches: (name) => name.startsWith(text) };
  return { names, matches: (name) => name === text };
}

/** Normalizes as Python's `os.path.normpath`, which also removes a slash at the end. */
function normalize(pattern: string): string {
  const normal = path.posix.normalize(pattern);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
