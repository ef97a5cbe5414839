/** Control characters, line separators, and characters that change the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Escapes the control characters of a text, except newlines and tabs: a terminal would obey them. Names of files and
 * messages of servers may have any.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    '\n\t'.includes(character) ? character : escaped(character),
  );
}

/** Escapes all control characters of a name. The result is one line. */
export function printableName(name: string): string {
  return name.replace(UNPRINTABLE, escaped);
}

/** Quotes a name for a message, with its control characters escaped. */
export function quoted(name: string): string {
  return `'${printableName(name)}'`;
}

/** Returns JSON's escape of a character, also for those that JSON does not escape. */
function escaped(character: string): string {
  const json = JSON.stringify(character).slice(1, -1);
  return json === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
}
