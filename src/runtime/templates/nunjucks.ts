import type { TemplateStatics } from './locals.js';

/** The used part of a nunjucks environment. */
interface Environment {
  addExtension(name: string, extension: object): unknown;
  addFilter(name: string, filter: (value: string) => unknown): unknown;
  addGlobal(name: string, value: unknown): unknown;
  getFilter(name: string): (...parameters: never[]) => unknown;
}

/** The used part of nunjucks' parser. https://mozilla.github.io/nunjucks/api.html#custom-tags */
interface Parser {
  nextToken(): Token;
  skipSymbol(name: string): boolean;
  parseExpression(): object;
  parsePrimary(noPostfix: boolean): object;
  fail(message: string, line: number, column: number): never;
  advanceAfterBlockEnd(name: string): void;
}

interface Token {
  readonly value: string;
  readonly lineno: number;
  readonly colno: number;
}

/** Node classes of the syntax tree. */
type Nodes = Readonly<Record<'Filter' | 'Literal' | 'NodeList' | 'Output' | 'Set' | 'Symbol', NodeClass>>;

type NodeClass = new (line: number, column: number, ...fields: unknown[]) => object;

/**
 * Adds Django's tags `{% static "css/app.css" %}`, `{% static name as url %}` and `{% get_static_prefix %}`. Also adds
 * the globals `STATIC_URL`, `integrity(name)`, `importmap({nonce})` and `modulepreload(name)`.
 *
 * @example
 * const environment = nunjucks.configure('views');
 * useStatic(environment, await loadStatic());
 */
export function useStatic(environment: Environment, statics: TemplateStatics): void {
  const { integrity, importmap, modulepreload } = statics;
  const html = environment.getFilter('safe') as (html: string) => unknown;
  // The tags compile to filters, because a template's variables cannot shadow a filter.
  environment.addFilter('static', (name) => statics.static(name));
  environment.addFilter('get_static_prefix', () => statics.STATIC_URL);
  environment.addExtension('staticfiles', staticTags);
  environment.addGlobal('STATIC_URL', statics.STATIC_URL);
  if (integrity) environment.addGlobal('integrity', integrity);
  if (importmap) environment.addGlobal('importmap', (options?: object) => html(importmap(options)));
  if (modulepreload) {
    environment.addGlobal('modulepreload', (name: string, options?: object) =>
      html(modulepreload(name, options)),
    );
  }
}

const staticTags = {
  tags: ['static', 'get_static_prefix'],
  parse(parser: Parser, nodes: Nodes): object {
    const { value: tag, lineno, colno } = parser.nextToken();
    const make = (node: NodeClass, ...fields: unknown[]) => new node(lineno, colno, ...fields);
    const subject = tag === 'static' ? parser.parseExpression() : make(nodes.Literal, '');
    const url = make(nodes.Filter, make(nodes.Symbol, tag), make(nodes.NodeList, [subject]));
    const variable = parser.skipSymbol('as') ? parser.parsePrimary(true) : undefined;
    parser.advanceAfterBlockEnd(tag);
    if (variable === undefined) return make(nodes.Output, [url]);
    if (!(variable instanceof nodes.Symbol)) parser.fail(`${tag}: 'as' requires a name`, lineno, colno);
    return Object.assign(make(nodes.Set, [variable]), { value: url });
  },
};
