import { type Expression, parseExpressionAt, type SpreadElement, type Super } from 'acorn';
import type { Span } from '../source-map-comment.js';

/** One of the URLs that an argument can be. */
export interface ArgumentUrl {
  /** Where it is written. Of a literal, only its content. */
  readonly span: Span;
  /** Whether the literal there names the whole file. What follows it is at most a query or a fragment. */
  readonly isLiteral: boolean;
  /** Its literal parts, around each value that is only known at run time. The first one may be empty. */
  readonly parts: readonly string[];
}

/** Returns the text of a literal by the place of its content; `undefined` if it is undecodable. */
export type ReadLiteral = (content: Span) => string | undefined;

/** Parsing a longer argument in each of many nested calls would take too long. */
const MAX_LENGTH = 32_768;

const UNKNOWN = ['', ''];

/**
 * Returns the URLs that an argument can be: one for each branch of a condition.
 *
 * @param text one character a byte
 * @param isSite whether a call at an index is a reference of its own, such as `new URL(…, import.meta.url)`
 * @example
 * // './lang/' + code + '.js'
 * [{ span: [0, 24], isLiteral: false, parts: ['./lang/', '.js'] }];
 * // wide ? './wide.js' : './small.js'
 * [{ span: [8, 17], isLiteral: true, parts: ['./wide.js'] }, { span: [22, 32], isLiteral: true, parts: ['./small.js'] }];
 */
export function argumentUrls(
  text: string,
  [start, end]: Span,
  read: ReadLiteral,
  isSite: (index: number) => boolean,
): readonly ArgumentUrl[] {
  const expression = end - start > MAX_LENGTH ? undefined : parseArgument(text.slice(start, end));
  if (expression === undefined) return [{ span: [start, end], isLiteral: false, parts: UNKNOWN }];
  const inText = (node: Place): Span => [start + node.start, start + node.end];
  return branchesOf(expression).flatMap((branch): readonly ArgumentUrl[] => {
    const [first, ...rest] = piecesOf(branch)
      .map((piece) => (piece.isLiteral ? { ...piece, text: read(inText(piece)) } : piece))
      .filter(({ text }) => text !== '');
    if (first === undefined || (!first.isLiteral && isSite(start + first.start))) return [];
    const isLiteral = first.isLiteral && isWholeFile(first.text, rest);
    return [{ span: inText(isLiteral ? first : branch), isLiteral, parts: partsOf([first, ...rest]) }];
  });
}

/** Returns `undefined` for syntax that acorn does not know, or that is nested too deep for it. */
function parseArgument(source: string): Expression | undefined {
  try {
    return parseExpressionAt(source, 0, {
      ecmaVersion: 'latest',
      allowAwaitOutsideFunction: true,
      allowImportExportEverywhere: true,
      allowSuperOutsideMethod: true,
      checkPrivateFields: false,
    });
  } catch {
    return undefined;
  }
}

/** The expressions whose value the argument can have. */
function branchesOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'ConditionalExpression':
      return [...branchesOf(node.consequent), ...branchesOf(node.alternate)];
    case 'LogicalExpression':
      return [...branchesOf(node.left), ...branchesOf(node.right)];
    case 'SequenceExpression':
      return branchesOf(node.expressions.at(-1)!);
    default:
      return [node];
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A part of a concatenation: the content of a literal, or a value that is only known at run time. */
interface Piece extends Place {
  readonly isLiteral: boolean;
  /** The text of a literal; `undefined` if it is undecodable. */
  readonly text?: string | undefined;
}

/** The parts of a template, of a sum, or of a literal's `.concat()`, into which some compilers turn templates. */
function piecesOf(node: Expression | SpreadElement | Super): readonly Piece[] {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value !== 'string') break;
      return [{ isLiteral: true, start: node.start + 1, end: node.end - 1 }];
    case 'TemplateLiteral':
      return node.quasis.flatMap(({ start, end }, at) => {
        const value = node.expressions[at];
        return [{ isLiteral: true, start, end }, ...(value ? piecesOf(value) : [])];
      });
    case 'BinaryExpression':
      if (node.operator !== '+' || node.left.type === 'PrivateIdentifier') break;
      return [...piecesOf(node.left), ...piecesOf(node.right)];
    case 'CallExpression': {
      const { callee } = node;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') break;
      const { name } = callee.property;
      if (name === 'concat') return [callee.object, ...node.arguments].flatMap(piecesOf);
      if (name === 'toString') return piecesOf(callee.object);
      break;
    }
    case 'MemberExpression':
      if (node.property.type === 'Identifier' && node.property.name === 'href') return piecesOf(node.object);
      break;
    default:
  }
  return [{ isLiteral: false, start: node.start, end: node.end }];
}

/** Whether the text, by which a URL begins, contains its path. */
function isWholeFile(text: string | undefined, rest: readonly Piece[]): boolean {
  if (rest.length === 0) return true;
  return text !== undefined && (/[?#]/.test(text) || /^[?#]/.test(rest[0]!.text ?? ''));
}

function partsOf(pieces: readonly Piece[]): readonly string[] {
  const parts = [''];
  for (const { isLiteral, text } of pieces) {
    if (isLiteral && text === undefined) return UNKNOWN;
    if (isLiteral) parts.push(parts.pop()! + text);
    else parts.push('');
  }
  return parts;
}
