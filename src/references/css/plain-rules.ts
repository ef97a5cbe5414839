/** Text without brackets, strings, escapes, comments, at-rules, and the end of a declaration. */
const TEXT = String.raw`[^{};()[\]"'\\/@]*`;

const STRING = ['"', "'"]
  .map((quote) => String.raw`${quote}[^${quote}\\\n\r\f]*(?:\\[^][^${quote}\\\n\r\f]*)*${quote}`)
  .join('|');

const SLASH = String.raw`/(?!\*)`;

/** Text with other parts in it. Text and parts begin with different characters, so there is one way to match it. */
const textWith = (...parts: readonly string[]) => `${TEXT}(?:(?:${parts.join('|')})${TEXT})*`;

/** Parentheses up to three levels deep, except those of some functions. */
function parenthesesExceptOf(functions: string): string {
  const open = String.raw`(?<!${functions})\(`;
  const within = (...parts: readonly string[]) => `${open}${textWith(STRING, SLASH, ...parts)}\\)`;
  return within(within(within()));
}

const SQUARE = String.raw`\[${textWith(STRING)}\]`;

/** A declaration, which may use custom properties, or a selector. */
const PLAIN = `(?!\\s*--)${textWith(STRING, SLASH, SQUARE, parenthesesExceptOf('url|src|image-set'))}`;

/** The declaration of a custom property that uses no other one. */
const CUSTOM = `\\s*--${textWith(STRING, SLASH, SQUARE, parenthesesExceptOf('url|src|image-set|var'))}`;

const DECLARATION = `(?:${CUSTOM}|${PLAIN})`;

/** Limits what the regular expression keeps in memory: where each rule and declaration begins. */
const MOST = 250;

const PLAIN_RULES = new RegExp(
  `(?:${CUSTOM};|${PLAIN}(?:;|\\{(?:${DECLARATION};){0,${MOST}}${DECLARATION}\\})){1,${MOST}}`,
  'iy',
);

/**
 * Returns the end of the declarations and style rules from an index on that load nothing; the index itself if there are
 * none. Nearly all of a style sheet is such rules. To read them token by token costs many times as much, most of it
 * for compiling the code that does it, in each run.
 *
 * @param start where a declaration or rule begins
 */
export function plainRulesEnd(css: string, start: number): number {
  PLAIN_RULES.lastIndex = start;
  return PLAIN_RULES.test(css) ? PLAIN_RULES.lastIndex : start;
}

/** What looks like the function in `#var(--x)` is a part of a hash. `<!--` is a token of its own, and so is `-->`. */
const USE = /(?:(?<![\w\0\x80-\xff#-])|(?<=<!--))var\(\s*(--(?!>)[\w\0\x80-\xff-]*)/gi;

/** Returns the custom properties that plain rules use. */
export function usedIn(plainRules: string): readonly string[] {
  return Array.from(plainRules.matchAll(USE), ([, name]) => name!.replaceAll('\0', '\ufffd'));
}
