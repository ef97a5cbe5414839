import { describe, expect, it } from 'vitest';
import { scanCss } from '../../src/references/css/css.js';
import { scanJavaScript } from '../../src/references/javascript/javascript.js';
import type { Scanner } from '../../src/references/reference.js';
import { foundBy } from './found.js';

describe('1 MB of hostile input', () => {
  const CSS = [
    'url(',
    '"\n',
    '\\',
    '@import ',
    'url("',
    '\\61 ',
    '/*# sourceMappingURL=',
    'url(\xe9)',
    '(',
    "'\\\n",
    '/*',
    '/*# sourceMappingURL=a */',
    'url(a b',
    '([{',
    '--x:{',
    ...['a{b:c;', 'a{b:c}d{', 'a{}(', 'a:b(c(d(e(', 'b:c;"', 'a{}b:c,', ';', 'a{}--b:c'],
  ];
  const JS = [
    'import {',
    'import(',
    '"\n',
    `\`\${`,
    'new URL(',
    'import(a?',
    'import("./"+',
    'import("./"+(a)+"b");',
    'import.meta;URL.',
    'import.meta;self.URL.parse(',
    'import.meta;new /*',
    'import.meta;new ',
    '//# sourceMappingURL="',
    '\\',
    'export*from',
    '/*# sourceMappingURL=x\n',
    'import"./x";',
    'import{a as b}from"x";',
    '/*',
    '(',
    '{',
    'a/',
    '/[',
    '=/a/;',
    '`',
    `\`\${\``,
    '//# sourceMappingURL=x\n',
    'new URL("x",import.meta.url);',
    'import.meta.resolve(',
  ];
  const inputs = (scan: Scanner, pieces: readonly string[]) => pieces.map((piece) => [piece, scan] as const);

  it.each([...inputs(scanCss, CSS), ...inputs(scanJavaScript, JS)])(
    '%j: is read to its end',
    (piece, scan) => {
      const bytes = Buffer.from(piece.repeat(1_000_000 / piece.length), 'latin1');
      const { references, skipped } = scan(bytes);
      const starts = [...references, ...skipped].map(({ start }) => start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    },
  );
});

/** 60 with `npm run test:large`. */
const MEGABYTES = Number(process.env.STATICFILES_TEST_MEGABYTES ?? 12);

describe('large input', () => {
  const CODE = `var a="import(",b=/"/.test(c)?\`\${d}\`:e/2;`;
  const RULES = 'a{content:"url(";b:c(d)/* url( */}';

  it.each([
    ['a line of 5 MB', 5_000_000, ''],
    [`a file of ${MEGABYTES} MB`, MEGABYTES * 1e6, '\n'],
  ])('%s is read to its end', (_what, size, newline) => {
    const filled = (text: string, end: string) =>
      Buffer.concat([Buffer.alloc(Math.floor(size / text.length) * text.length, text), Buffer.from(end)]);
    const script = filled(`${CODE}${newline}`, 'import("./x.js")');
    const sheet = filled(`${RULES}${newline}`, 'a{b:url(x.png)}');
    expect(foundBy(script, scanJavaScript(script))).toEqual([['js-dynamic-import', './x.js']]);
    expect(foundBy(sheet, scanCss(sheet))).toEqual([['css-url', 'x.png']]);
  });
});
