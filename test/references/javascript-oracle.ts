import {
  type CallExpression,
  type Comment,
  type Expression,
  type Identifier,
  type MemberExpression,
  type MetaProperty,
  type NewExpression,
  type Node,
  type Options,
  type Program,
  parse,
} from 'acorn';
import { simple } from 'acorn-walk';
import type { Found } from './found.js';

interface At {
  readonly start: number;
  readonly found: Found;
}

/** A script without any of these words has no references. */
const WORDS = /\b(?:import|export)\b|sourceMappingURL/;

/** The references that acorn finds in a script or module, without `data:` URLs. */
export function javascriptReferences(source: string): Found[] {
  if (!WORDS.test(source)) return [];
  const comments: Comment[] = [];
  const program = parseEither(source, comments);
  const found: At[] = [
    ...declarations(program, source),
    ...expressions(program, source),
    ...sourceMap(comments),
  ];
  return found
    .sort((a, b) => a.start - b.start)
    .map((at) => at.found)
    .filter(([, text]) => !/^data:/i.test(text));
}

function parseEither(source: string, comments: Comment[]): Program {
  const options = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const;
  const attempt = (sourceType: NonNullable<Options['sourceType']>) => {
    comments.length = 0;
    return parse(source, { ...options, sourceType, onComment: comments });
  };
  try {
    return attempt('module');
  } catch {
    return attempt('script');
  }
}

function declarations({ body }: Program, source: string): At[] {
  return body.flatMap((node): At[] => {
    if (!('source' in node) || !node.source) return [];
    return [literal(node.type === 'ImportDeclaration' ? 'js-import' : 'js-export', node.source, source)];
  });
}

/** Walks the tree only if there is an `import` that is not a declaration. */
function expressions(program: Program, source: string): At[] {
  const words = source.match(/\bimport\b/g)?.length ?? 0;
  const found: At[] = [];
  if (words === program.body.filter(({ type }) => type === 'ImportDeclaration').length) return found;
  simple(program, {
    ImportExpression: (node) => void found.push(...urls('js-dynamic-import', node.source, source)),
    NewExpression(node) {
      if (isMetaUrl(node)) found.push(...urls('js-new-url', node.arguments[0]!, source));
    },
    CallExpression(node) {
      const [url, more] = node.arguments;
      if (isMetaUrl(node)) found.push(...urls('js-new-url', url!, source));
      if (url && !more && isMetaMember(node.callee, 'resolve'))
        found.push(...urls('js-import-meta-resolve', url, source));
    },
  });
  return found;
}

/** Whether it is `new URL(…, import.meta.url)` or `URL.parse(…, import.meta.url)`, with any name of the global object. */
function isMetaUrl({ type, callee, arguments: [url, base, more] }: NewExpression | CallExpression): boolean {
  const isParse = callee.type === 'MemberExpression' && nameOf(callee.property) === 'parse';
  const isCalled = type === 'NewExpression' ? isUrlClass(callee) : isParse && isUrlClass(callee.object);
  return Boolean(isCalled && url && base && !more && isMetaMember(base, 'url'));
}

function isUrlClass(node: Node): boolean {
  if (node.type !== 'MemberExpression') return nameOf(node) === 'URL';
  const { object, property } = node as MemberExpression;
  return nameOf(property) === 'URL' && /^(?:window|globalThis|self)$/.test(nameOf(object) ?? '');
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' ? (node as Identifier).name : undefined;
}

/** What an argument can be: the branches of a condition, but not a call that is a reference itself. */
function urls(kind: string, node: Node, source: string): At[] {
  const each = node as Expression;
  if (each.type === 'ConditionalExpression')
    return [...urls(kind, each.consequent, source), ...urls(kind, each.alternate, source)];
  if (each.type === 'LogicalExpression')
    return [...urls(kind, each.left, source), ...urls(kind, each.right, source)];
  if (each.type === 'SequenceExpression') return urls(kind, each.expressions.at(-1)!, source);
  if (isReference(each)) return [];
  const beginning = source
    .slice(node.start, node.end)
    .match(/^(['"`])((?:(?!\1|\$\{).)*[?#](?:(?!\1|\$\{).)*)/s);
  const isSum = each.type === 'TemplateLiteral' || each.type === 'BinaryExpression';
  if (isSum && beginning) return [{ start: node.start, found: [kind, beginning[2]!] }];
  return [literal(kind, node, source)];
}

function isReference(node: Expression): boolean {
  if (node.type === 'MemberExpression' && nameOf(node.property) === 'href')
    return isReference(node.object as Expression);
  if (node.type === 'NewExpression') return isMetaUrl(node);
  return node.type === 'CallExpression' && (isMetaUrl(node) || isMetaMember(node.callee, 'resolve'));
}

function isMetaMember(node: Node, name: string): boolean {
  if (node.type !== 'MemberExpression') return false;
  const { object, property } = node as Node & { object: MetaProperty; property: Node & { name?: string } };
  return object.type === 'MetaProperty' && object.meta.name === 'import' && property.name === name;
}

/** The content of a string, or the whole text of anything else. */
function literal(kind: string, node: Node, source: string): At {
  const text = source.slice(node.start, node.end);
  return { start: node.start, found: [kind, isConstant(node) ? text.slice(1, -1) : text] };
}

function isConstant(node: Node): boolean {
  if (node.type === 'TemplateLiteral')
    return (node as Node & { expressions: Node[] }).expressions.length === 0;
  return node.type === 'Literal' && typeof (node as Node & { value: unknown }).value === 'string';
}

function sourceMap(comments: readonly Comment[]): At[] {
  const urls = comments.flatMap(({ value, start }) => {
    const url = /^[#@]\s*sourceMappingURL=([^\s"'`]*)\s*$/.exec(value)?.[1];
    return url === undefined ? [] : [{ start, found: ['js-source-map', url] as const }];
  });
  return urls.slice(-1);
}
