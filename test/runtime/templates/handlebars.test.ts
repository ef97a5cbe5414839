import Handlebars from 'handlebars';
import { expect, it } from 'vitest';
import { createStatic } from '../../../src/runtime/lookup.js';
import { useStatic } from '../../../src/runtime/templates/handlebars.js';
import { IMPORT_MAP, MODULE, statics } from '../statics.js';

function render(template: string, context: object = {}, options: CompileOptions = {}): string {
  const engine = Handlebars.create();
  useStatic(engine, statics);
  engine.registerPartial('part', '<link href="{{static name}}">');
  return engine.compile(template, { strict: true, ...options })(context);
}

it.each([
  ['{{static "css/app.css"}}', '/s/css/app.1.css'],
  ['{{static name}}', '/s/js/app.2.js'],
  ['{{static page.name}}', '/s/css/app.1.css'],
  ['{{#each names}}{{static this}};{{/each}}', '/s/css/app.1.css;/s/js/app.2.js;'],
  ['{{> part}}', '<link href="/s/js/app.2.js">'],
  ['{{static "img/a & b.png"}}', '/s/img/a%20&amp;%20b.3.png'],
  ['{{{static "img/a & b.png"}}}', '/s/img/a%20&%20b.3.png'],
  ['{{#if (static name)}}yes{{/if}}', 'yes'],
  ['{{get_static_prefix}}', '/s/'],
  ['{{integrity "js/app.js"}}', 'sha384-app'],
  ['{{importmap nonce=nonce}}', IMPORT_MAP],
  ['{{importmap}}', IMPORT_MAP.replace(' nonce="n"', '')],
  ['{{modulepreload "js/app.js" nonce=nonce}}', MODULE],
])('%s is %s', (template, expected) => {
  const names = ['css/app.css', 'js/app.js'];
  expect(render(template, { name: 'js/app.js', nonce: 'n', names, page: { name: 'css/app.css' } })).toBe(
    expected,
  );
});

it('fails for an unknown file and suggests the nearest name', () => {
  expect(() => render('{{static "css/ap.css"}}')).toThrow("Did you mean 'css/app.css'?");
});

it('the helper static cannot be shadowed by a variable of the page', () => {
  expect(render('{{static "css/app.css"}}', { static: 'wrong' })).toBe('/s/css/app.1.css');
});

it('works with knownHelpersOnly', () => {
  const knownHelpers = { static: true } as unknown as KnownHelpers;
  expect(render('{{static "css/app.css"}}', {}, { knownHelpers, knownHelpersOnly: true })).toBe(
    '/s/css/app.1.css',
  );
});

it('a look-up without tags adds no tags', () => {
  const engine = Handlebars.create();
  useStatic(engine, createStatic({}));
  expect(engine.compile('{{static "a"}}')({})).toBe('/static/a');
  expect(() => engine.compile('{{integrity "a"}}')({})).toThrow('Missing helper: "integrity"');
});
