import path from 'node:path';
import { fnmatchExpression } from './fnmatch.js';

/** Ignore patterns. Each method returns the first pattern that matches, as it was written, or `undefined`. */
export interface IgnoreRules {
  /** Matches the base name of a file, and its POSIX path below the root. */
  hidingFile(name: string, relativePath: string): string | undefined;
  /** Matches the base name of a folder. */
  hidingFolder(name: string): string | undefined;
}

interface Rule {
  readonly pattern: string;
  matches(nameOrPath: string): boolean;
  /** Whether the path cannot match if neither the name nor a folder's name does. */
  readonly nameSuffices: boolean;
}

/**
 * Returns the rules of fnmatch patterns. Patterns are normalized first, as in Django: `./a.txt` means `a.txt`.
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
  const normal = normalize(pattern);
  const simple = /^(\*?)([^*?[/]+)(\*?)$/.exec(normal);
  if (simple)
    return { pattern, matches: simpleMatch(simple[1]!, simple[2]!, simple[3]!), nameSuffices: true };
  const expression = fnmatchExpression(normal);
  return { pattern, matches: (nameOrPath) => expression.test(nameOrPath), nameSuffices: false };
}

/**
 * Matches a text without a slash and with stars only at its ends: `CVS`, `.*`, `*~`. Such a pattern matches a path only
 * if it matches a name in it. Nearly all patterns are like this, and each file of a walk is compared with all of them.
 */
function simpleMatch(before: string, text: string, after: string): (name: string) => boolean {
  if (before && after) return (name) => name.includes(text);
  if (before) return (name) => name.endsWith(text);
  if (after) return (name) => name.startsWith(text);
  return (name) => name === text;
}

/** Normalizes as Python's `os.path.normpath`, which also removes a slash at the end. */
function normalize(pattern: string): string {
  const normal = path.posix.normalize(pattern);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
