import { quoted } from './printable.js';

/** More names do not help the reader. */
const NAMED = 5;

/**
 * Lists names for a message: the first five, and how many more there are.
 *
 * @example
 * nameList(['a.css', 'b.css']); // "'a.css', 'b.css'"
 * nameList(Array(7).fill('a.css')); // "'a.css', 'a.css', 'a.css', 'a.css', 'a.css' and 2 more"
 */
export function nameList(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).map(quoted).join(', ') + more;
}

/** Counts and lists files: `12 files: 'a.css', 'b.css', 'c.css', 'd.css', 'e.css' and 7 more`. */
export function filesText(files: readonly string[]): string {
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}: ${nameList(files)}`;
}
