/** Control characters, those of Latin-1 too, and what breaks a line or turns the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text of several lines that a terminal shows and does not obey: all control characters in it but newlines and tabs are
 * escapes. A name may hold any of them, and so may what a server says.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    '\n\t'.includes(character) ? character : escaped(character),
  );
}

/** A name on one line, whatever it holds. */
export function printableName(name: string): string {
  return name.replace(UNPRINTABLE, escaped);
}

/** A name between quotes, on one line whatever it holds. */
export function quoted(name: string): string {
  return `'${printableName(name)}'`;
}

/** JSON's escape for a control character; those above U+007E have none there. */
function escaped(character: string): string {
  const json = JSON.stringify(character).slice(1, -1);
  return json === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
}
