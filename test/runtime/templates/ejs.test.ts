import ejs from 'ejs';
import { expect, it } from 'vitest';
import { createStatic } from '../../../src/runtime/lookup.js';
import { staticLocals } from '../../../src/runtime/templates/locals.js';
import { IMPORT_MAP, MODULE, statics } from '../statics.js';

function render(template: string, data: object = {}): string {
  return ejs.render(template, { ...staticLocals(statics), ...data });
}

it.each([
  [`<%= static('css/app.css') %>`, '/s/css/app.1.css'],
  [`<%= locals.static(name) %>`, '/s/js/app.2.js'],
  [`<%= static('img/a & b.png') %>`, '/s/img/a%20&amp;%20b.3.png'],
  [`<%- static('img/a & b.png') %>`, '/s/img/a%20&%20b.3.png'],
  [
    `<% for (const each of ['css/app.css', name]) { %><%= static(each) %>;<% } %>`,
    '/s/css/app.1.css;/s/js/app.2.js;',
  ],
  ['<%= STATIC_URL %>', '/s/'],
  [`<%= integrity('js/app.js') %>`, 'sha384-app'],
  ['<%- importmap({ nonce }) %>', IMPORT_MAP],
  [`<%- modulepreload('js/app.js', { nonce }) %>`, MODULE],
])('%s is %s', (template, expected) => {
  expect(render(template, { name: 'js/app.js', nonce: 'n' })).toBe(expected);
});

it('works in strict mode', () => {
  const data = { ...staticLocals(statics), name: 'js/app.js' };
  expect(ejs.render(`<%= locals.static(locals.name) %>`, data, { strict: true })).toBe('/s/js/app.2.js');
});

it('fails for an unknown file and suggests the nearest name', () => {
  expect(() => render(`<%= static('css/ap.css') %>`)).toThrow("Did you mean 'css/app.css'?");
});

it('a look-up without tags adds no tags', () => {
  expect(Object.keys(staticLocals(createStatic({})))).toEqual(['STATIC_URL', 'static']);
});
