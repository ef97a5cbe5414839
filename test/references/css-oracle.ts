import postcss from 'postcss';
import valueParser, { type Node } from 'postcss-value-parser';
import type { Found } from './found.js';

/** The references that postcss and postcss-value-parser find in a style sheet, without `data:` URLs. */
export function cssReferences(css: string): Found[] {
  const found: Found[] = [];
  let sourceMap: Found[] = [];
  postcss.parse(css, { map: false }).walk((node) => {
    if (node.type === 'decl') found.push(...inValue(node.raws.value?.raw ?? node.value));
    else if (node.type === 'atrule' && node.name.toLowerCase() === 'import')
      found.push(imported(node.params));
    else if (node.type === 'comment') sourceMap = inComment(`${node.raws.left}${node.text}`) ?? sourceMap;
  });
  return [...found, ...sourceMap].filter(([, text]) => !/^data:/i.test(text));
}

function inComment(text: string): Found[] | undefined {
  const match = /^[#@]\s*sourceMappingURL=(\S*)\s*$/.exec(text);
  return match ? [['css-source-map', match[1]!]] : undefined;
}

function imported(params: string): Found {
  const first = valueParser(params).nodes[0]!;
  return ['css-import', first.type === 'function' ? urlOf(first.nodes) : first.value];
}

function inValue(value: string): Found[] {
  const found: Found[] = [];
  valueParser(value).walk((node) => {
    if (node.type !== 'function') return;
    if (/^(?:url|src)$/i.test(node.value)) found.push(['css-url', urlOf(node.nodes)]);
    else if (/^(?:-webkit-)?image-set$/i.test(node.value)) {
      for (const { type, value: text } of node.nodes)
        if (type === 'string') found.push(['css-image-set', text]);
    }
  });
  return found;
}

function urlOf(nodes: readonly Node[]): string {
  return nodes[0]?.value ?? '';
}
