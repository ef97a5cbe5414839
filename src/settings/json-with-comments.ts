import jsonc from 'jsonc-parser';
import { StaticFilesError } from '../errors.js';

/** Words for the parser's codes: "expected …", or the problem itself. */
const PROBLEMS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'unexpected text',
  InvalidNumberFormat: 'invalid number',
  PropertyNameExpected: 'expected a property name in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: "expected '}'",
  CloseBracketExpected: "expected ']'",
  EndOfFileExpected: 'expected the end of the file',
  UnexpectedEndOfComment: 'the comment has no end',
  UnexpectedEndOfString: 'the string has no end',
  UnexpectedEndOfNumber: 'the number has no end',
  InvalidUnicode: 'invalid Unicode escape',
  InvalidEscapeCharacter: 'invalid escape',
  InvalidCharacter: 'invalid character in a string',
};

/**
 * Returns the value of a JSON text that may have comments and trailing commas.
 *
 * @param label the file in messages
 * @throws StaticFilesError `settings`, beginning with `file:line:column`
 */
export function parseWithComments(json: string, label: string): unknown {
  const errors: jsonc.ParseError[] = [];
  const value: unknown = jsonc.parse(json, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined) return value;
  const { line, column } = positionOf(json, error.offset);
  const problem = PROBLEMS[jsonc.printParseErrorCode(error.error)] ?? 'invalid JSON';
  throw new StaticFilesError('settings', `${label}:${line}:${column}: invalid JSON: ${problem}.`);
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
