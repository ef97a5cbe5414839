import path from 'node:path';
import { fnmatchExpression } from './fnmatch.js';

/** Ignore patterns, ready to be asked. Each answer is the pattern as it was written, or `undefined`. */
export interface IgnoreRules {
  /** The pattern that hides a file, by its base name or by its POSIX path relative to the root. */
  hidingFile(name: string, relativePath: string): string | undefined;
  /** The pattern that hides a folder and all it holds, by its base name. */
  hidingFolder(name: string): string | undefined;
}

interface Rule {
  readonly pattern: string;
  matches(nameOrPath: string): boolean;
  /** Whether the path need not be looked at where neither the name nor a folder's name matched. */
  readonly nameSuffices: boolean;
}

/**
 * Makes rules of fnmatch patterns. These are normalised first, as Django does: `./a.txt` means `a.txt`.
 *
 * @example
 * ignoreRules(['*.map']).hidingFile('app.js.map', 'js/app.js.map') // '*.map'
 */
export function ignoreRules(patterns: readonly string[]): IgnoreRules {
  const rules = patterns.map(ruleOf);
  return {
    hidingFile(name, relativePath) {
      for (const rule of rules) {
        if (rule.matches(name) || (!rule.nameSuffices && rule.matches(relativePath))) return rule.pattern;
      }
      return undefined;
    },
    hidingFolder(name) {
      return rules.find((rule) => rule.matches(name))?.pattern;
    },
  };
}

function ruleOf(pattern: string): Rule {
  const normal = normalise(pattern);
  const simple = /^(\*?)([^*?[/]+)(\*?)$/.exec(normal);
  if (simple)
    return { pattern, matches: simpleMatch(simple[1]!, simple[2]!, simple[3]!), nameSuffices: true };
  const expression = fnmatchExpression(normal);
  return { pattern, matches: (nameOrPath) => expression.test(nameOrPath), nameSuffices: false };
}

/**
 * A text without a slash, with stars at its ends only: `CVS`, `.*`, `*~`. Such a pattern matches a path only where
 * it matches a name in it. Nearly all patterns are of this kind, and they are asked about every file of a walk.
 */
function simpleMatch(before: string, text: string, after: string): (name: string) => boolean {
  if (before && after) return (name) => name.includes(text);
  if (before) return (name) => name.endsWith(text);
  if (after) return (name) => name.startsWith(text);
  return (name) => name === text;
}

/** As Python's `os.path.normpath`, which also takes the slash from the end. */
function normalise(pattern: string): string {
  const normal = path.posix.normalize(pattern);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
