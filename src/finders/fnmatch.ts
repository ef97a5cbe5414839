/**
 * Returns the regular expression of an fnmatch pattern, as Python's `fnmatch.translate` does. `*` matches any
 * characters, also `/` and line ends; `?` matches one, `[seq]` one of these, `[!seq]` one of the others. Letter case
 * counts, and nothing can be escaped.
 *
 * Not the package `picomatch`: in every mode it gives `./`, `\`, an empty range, and characters outside of the BMP
 * another meaning.
 *
 * @see https://github.com/python/cpython/blob/3.13/Lib/fnmatch.py
 *
 * @example
 * fnmatchExpression('*.tm[px]').test('a/b.tmp') // true
 */
export function fnmatchExpression(pattern: string): RegExp {
  const [start = '', ...afterStars] = fixedPieces([...pattern]);
  const end = afterStars.pop();
  // A lookahead does not backtrack. Without it, many stars would take exponential time.
  const between = afterStars.map((piece, index) => `(?=(.*?${piece}))\\${index + 1}`);
  return new RegExp(`^${start}${between.join('')}${end === undefined ? '' : `.*${end}`}$`, 'su');
}

/** Returns the expressions of the texts between the stars of a pattern. */
function fixedPieces(pattern: readonly string[]): string[] {
  const pieces = [''];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at++]!;
    const close = character === '[' ? closingBracket(pattern, at) : -1;
    if (character === '*') {
      pieces.push('');
    } else if (close !== -1) {
      pieces.push(pieces.pop() + characterClass(pattern.slice(at, close)));
      at = close + 1;
    } else {
      pieces.push(pieces.pop() + (character === '?' ? '.' : escapeLiteral(character)));
    }
  }
  return pieces;
}

/** Returns the index of the `]` that ends a class, or -1. A `]` at its start is a member of the class. */
function closingBracket(pattern: readonly string[], start: number): number {
  const negation = pattern[start] === '!' ? 1 : 0;
  return pattern.indexOf(']', start + negation + 1);
}

/** `!a-z_` → `[^a-z_]`. As in Python, an empty class matches nothing, and its negation anything. */
function characterClass(members: readonly string[]): string {
  const negated = members[0] === '!';
  let expression = '';
  let at = negated ? 1 : 0;
  while (at < members.length) {
    const first = members[at]!;
    const last = members[at + 1] === '-' ? members[at + 2] : undefined;
    at += last === undefined ? 1 : 3;
    if (last === undefined) expression += escapeLiteral(first);
    else if (first.codePointAt(0)! <= last.codePointAt(0)!)
      expression += `${escapeLiteral(first)}-${escapeLiteral(last)}`;
  }
  return `[${negated ? '^' : ''}${expression}]`;
}

function escapeLiteral(character: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(character) ? `\\${character}` : character === '-' ? '\\x2d' : character;
}
