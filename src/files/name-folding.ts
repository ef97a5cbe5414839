/** Which names a file system takes for one and the same. */
export interface NameRules {
  /** Whether `a.js` and `A.js` are one name. */
  readonly ignoresCase: boolean;
  /** Whether both Unicode forms of `é` are one name (https://unicode.org/reports/tr15/). */
  readonly ignoresForm: boolean;
}

/**
 * Returns a key that is equal for names which are one and the same by the rules. It goes by Unicode's full case folding,
 * the loosest there is: a file system that knows fewer pairs only gets more names compared.
 *
 * @example
 * foldName('Img/Straße.PNG', { ignoresCase: true, ignoresForm: true }); // 'img/strasse.png'
 */
export function foldName(name: string, { ignoresCase, ignoresForm }: NameRules): string {
  if (isAscii(name)) return ignoresCase ? name.toLowerCase() : name;
  // Each step adds pairs that the others do not know: ẞ and ß, ß and ss, the Kelvin sign and k.
  const folded = ignoresCase ? name.toLowerCase().toUpperCase().toLowerCase() : name;
  return ignoresForm ? folded.normalize('NFC') : folded;
}

/** The name in other letter case; the same name if it has no letters with two cases. */
export function inOtherCase(name: string): string {
  const lower = name.toLowerCase();
  return name === lower ? name.toUpperCase() : lower;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
