/** Which differences between names a file system ignores. */
export interface NameRules {
  /** Whether `a.js` and `A.js` are the same name. */
  readonly ignoresCase: boolean;
  /** Whether both Unicode forms of `é` are the same name (https://unicode.org/reports/tr15/). */
  readonly ignoresForm: boolean;
}

/**
 * Returns a key that is equal for names that are the same by the rules. It uses Unicode's full case folding. Some file
 * systems ignore fewer differences; for them the keys of more names are equal than needed.
 *
 * @example
 * foldName('Img/Straße.PNG', { ignoresCase: true, ignoresForm: true }); // 'img/strasse.png'
 */
export function foldName(name: string, { ignoresCase, ignoresForm }: NameRules): string {
  if (isAscii(name)) return ignoresCase ? name.toLowerCase() : name;
  // Each step folds pairs that the others do not: ẞ and ß, ß and ss, the Kelvin sign and k.
  const folded = ignoresCase ? name.toLowerCase().toUpperCase().toLowerCase() : name;
  return ignoresForm ? folded.normalize('NFC') : folded;
}

/** Returns the name in another letter case; the same name if its letters have only one. */
export function inOtherCase(name: string): string {
  const lower = name.toLowerCase();
  return name === lower ? name.toUpperCase() : lower;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
