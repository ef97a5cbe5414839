import { type Options, parse } from 'acorn';
import { bomLength } from '../encoding.js';
import type { ScanWarning } from '../reference.js';

const OPTIONS = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const;

/**
 * Returns the warning for a script with invalid syntax; `undefined` if it is valid as a module or as a classic script.
 * The lexer checks only brackets and strings, and passes over the types of TypeScript.
 */
export function syntaxError(bytes: Buffer): ScanWarning | undefined {
  const bom = bomLength(bytes);
  const text = bytes.toString('utf8', bom);
  const asModule = parseError(text, 'module');
  const asScript = asModule && parseError(text, 'script');
  if (asModule === undefined || asScript === undefined) return undefined;
  // The attempt that comes farther is the right kind of script: the other one ends at its first declaration.
  const { pos, message } = asModule.pos >= asScript.pos ? asModule : asScript;
  const reason = message.replace(/ \(\d+:\d+\)$/, '');
  return {
    code: 'unparsable',
    message: `not rewritten: invalid JavaScript (${reason})`,
    offset: bom + Buffer.byteLength(text.slice(0, pos)),
  };
}

function parseError(
  text: string,
  sourceType: NonNullable<Options['sourceType']>,
): (Error & { readonly pos: number }) | undefined {
  try {
    parse(text, { ...OPTIONS, sourceType });
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? (error as SyntaxError & { pos: number }) : undefined;
  }
}
