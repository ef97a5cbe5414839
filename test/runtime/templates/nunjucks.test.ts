import nunjucks from 'nunjucks';
import { describe, expect, it } from 'vitest';
import { createStatic } from '../../../src/runtime/lookup.js';
import { useStatic } from '../../../src/runtime/templates/nunjucks.js';
import { IMPORT_MAP, MODULE, statics } from '../statics.js';

const VIEWS: Record<string, string> = {
  'base.html': '{% block head %}{% static "css/app.css" %}{% endblock %}|{{ url }}',
  'page.html':
    '{% extends "base.html" %}{% block head %}{{ super() }}+{% static "js/app.js" as url %}{{ url }}{% endblock %}',
  'part.html': '{% static name as url %}{{ url }}',
  'macros.html': '{% macro icon(name) %}<img src="{% static name %}">{% endmacro %}',
};

const loader: nunjucks.ILoader = {
  getSource: (name) => ({ src: VIEWS[name]!, path: name, noCache: false }),
};

function environment(options: nunjucks.ConfigureOptions = {}) {
  const made = new nunjucks.Environment(loader as nunjucks.ILoaderAny, {
    throwOnUndefined: true,
    ...options,
  });
  useStatic(made, statics);
  return made;
}

function render(template: string, context: object = {}, options?: nunjucks.ConfigureOptions): string {
  return environment(options).renderString(template, context);
}

describe('{% static %}', () => {
  it.each([
    ['{% static "css/app.css" %}', '/s/css/app.1.css'],
    ["{%- static 'css/app.css?v=1#x' -%}", '/s/css/app.1.css?v=1#x'],
    ['{% static name %}', '/s/css/app.1.css'],
    ['{% static page.names[0] %}', '/s/css/app.1.css'],
    ['{% static "css/" + file + ".css" %}', '/s/css/app.1.css'],
    ['{% static "css/" ~ file ~ ".css" %}', '/s/css/app.1.css'],
    ['{% static "CSS/APP.CSS"|lower %}', '/s/css/app.1.css'],
    ['{% static name|replace("css/app", "js/app")|replace(".css", ".js") %}', '/s/js/app.2.js'],
    ['{% static "css/app.css" if dark else "js/app.js" %}', '/s/js/app.2.js'],
    ['{% for each in page.names %}{% static each %};{% endfor %}', '/s/css/app.1.css;/s/js/app.2.js;'],
    ['{% if true %}{% static name %}{% endif %}', '/s/css/app.1.css'],
    ['{% raw %}{% static "x" %}{% endraw %}', '{% static "x" %}'],
    ['{{ "css/app.css" | static }}', '/s/css/app.1.css'],
  ])('%s is %s', (template, expected) => {
    const names = ['css/app.css', 'js/app.js'];
    expect(render(template, { name: 'css/app.css', file: 'app', dark: false, page: { names } })).toBe(
      expected,
    );
  });

  it.each([
    ['{% static "css/app.css" as url %}<{{ url }}>', '</s/css/app.1.css>'],
    ['{% static name as url %}{% static "js/app.js" as url %}{{ url }}', '/s/js/app.2.js'],
    ['{% static name|lower as url -%}   {{ url|upper }}', '/S/CSS/APP.1.CSS'],
    ['{% if true %}{% static name as url %}{% endif %}{{ url }}', '/s/css/app.1.css'],
  ])('%s writes nothing but sets the variable: %s', (template, expected) => {
    expect(render(template, { name: 'css/app.css' })).toBe(expected);
  });

  it('is escaped if the environment escapes', () => {
    const template = '{% static "img/a & b.png?x=<1>" %}';
    expect(render(template)).toBe('/s/img/a%20&amp;%20b.3.png?x=&lt;1&gt;');
    expect(render(template, {}, { autoescape: false })).toBe('/s/img/a%20&%20b.3.png?x=<1>');
    expect(render('{% static "img/a & b.png" as url %}{{ url }}|{{ url | safe }}')).toBe(
      '/s/img/a%20&amp;%20b.3.png|/s/img/a%20&%20b.3.png',
    );
  });

  it('works in blocks, macros and included templates', () => {
    const made = environment();
    expect(made.render('page.html', { url: 'outer' })).toBe('/s/css/app.1.css+/s/js/app.2.js|outer');
    const context = { name: 'css/app.css' };
    expect(made.renderString('{% include "part.html" %}', context)).toBe('/s/css/app.1.css');
    const macros = '{% import "macros.html" as m %}{{ m.icon("js/app.js") }}';
    expect(made.renderString(macros, {})).toBe('<img src="/s/js/app.2.js">');
  });

  it('cannot be shadowed by a variable of the page', () => {
    const context = { static: () => 'wrong', get_static_prefix: 'wrong' };
    expect(render('{% static "css/app.css" %}{% get_static_prefix %}', context)).toBe('/s/css/app.1.css/s/');
  });

  it('fails for an unknown file and suggests the nearest name', () => {
    expect(() => render('{% static "css/ap.css" %}')).toThrow("Did you mean 'css/app.css'?");
  });

  it.each([
    ['{% static %}', /unexpected token/i],
    ['{% static "css/app.css" as "url" %}', /static: 'as' requires a name/],
    ['{% static "css/app.css" as %}', /unexpected token/i],
    ['{% static "css/app.css" url %}', /expected block end in static/],
    ['{% get_static_prefix as 1 %}', /get_static_prefix: 'as' requires a name/],
  ])('%s is an error', (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});

it.each([
  ['{% get_static_prefix %}', '/s/'],
  ['{% get_static_prefix as prefix %}[{{ prefix }}]', '[/s/]'],
  ['{{ STATIC_URL }}', '/s/'],
  ['{{ integrity("js/app.js") }}', 'sha384-app'],
  ['{{ importmap({ nonce: "n" }) }}', IMPORT_MAP],
  ['{{ importmap(nonce="n") }}', IMPORT_MAP],
  ['{{ modulepreload("js/app.js", { nonce: "n" }) }}', MODULE],
  ['{{ modulepreload("js/app.js", nonce="n") }}', MODULE],
])('%s is %s', (template, expected) => {
  expect(render(template)).toBe(expected);
});

it('works with callbacks and precompiled templates', async () => {
  const made = environment();
  const text = await new Promise<string | null>((resolve, reject) => {
    made.renderString('{% static "js/app.js" %}', {}, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  expect(text).toBe('/s/js/app.2.js');
  const compiled = nunjucks.compile('{% static name as url %}{{ url }}', made);
  expect(compiled.render({ name: 'js/app.js' })).toBe('/s/js/app.2.js');
});

it('a look-up without tags adds no tags', () => {
  const made = new nunjucks.Environment();
  useStatic(made, createStatic({}));
  expect(made.renderString('{% static "a" %} {{ importmap }}{{ integrity }}{{ modulepreload }}', {})).toBe(
    '/static/a ',
  );
});
