import { describe, expect, it } from 'vitest';
import { publicUrl } from '../../src/model/public-path.js';
import { createStatic, type LookupOptions, MissingStaticFileError } from '../../src/runtime/lookup.js';

const PATHS = {
  'css/app.css': 'css/app.27e20196a850.css',
  'js/app.js': 'js/app.0123456789ab.js',
  'js/cart.js': 'js/cart.ba9876543210.js',
  'img/icons.svg': 'img/icons.aaaaaaaaaaaa.svg',
};

function urlOf(name: string, options: LookupOptions = {}): string {
  return createStatic({ paths: PATHS, ...options }).static(name);
}

/** Returns the error's message for an unknown name. */
function failureOf(name: string, paths: LookupOptions['paths'] = PATHS): string {
  try {
    createStatic({ paths }).static(name);
  } catch (error) {
    if (error instanceof MissingStaticFileError) return error.message;
    throw error;
  }
  return 'found';
}

describe('a known name', () => {
  it.each([
    ['css/app.css', '/static/css/app.27e20196a850.css'],
    ['css/app.css?v=1', '/static/css/app.27e20196a850.css?v=1'],
    ['img/icons.svg#menu', '/static/img/icons.aaaaaaaaaaaa.svg#menu'],
    ['img/icons.svg?a=b?c#d?e#f', '/static/img/icons.aaaaaaaaaaaa.svg?a=b?c#d?e#f'],
    ['img/icons.svg#', '/static/img/icons.aaaaaaaaaaaa.svg#'],
    ['/css/app.css', '/static/css/app.27e20196a850.css'],
    ['//css//app.css', '/static/css/app.27e20196a850.css'],
    ['/img/icons.svg#//menu', '/static/img/icons.aaaaaaaaaaaa.svg#//menu'],
    ['img/icons.svg#line\nbreak', '/static/img/icons.aaaaaaaaaaaa.svg#line\nbreak'],
  ])('%j has the URL %j', (name, url) => {
    expect(urlOf(name)).toBe(url);
  });

  it.each(['https://cdn.example.com/s/', '//cdn.example.com/', '/', 'static/'])(
    'begins with the base URL %s',
    (baseUrl) => {
      const statics = createStatic({ paths: PATHS, baseUrl });
      expect(statics.static('css/app.css')).toBe(`${baseUrl}css/app.27e20196a850.css`);
      expect(statics.STATIC_URL).toBe(baseUrl);
    },
  );

  it('is looked up as a whole before its query and fragment are cut off', () => {
    const paths = { 'a?b#c.css': 'a?b#c.11.css', a: 'a.22' };
    expect(urlOf('a?b#c.css', { paths })).toBe('/static/a%3Fb%23c.11.css');
    expect(urlOf('a?b', { paths })).toBe('/static/a.22?b');
  });

  it.each(['a b.png', 'é.svg', '100%.txt', 'a&b=c+d@2x.png', 'a"b<c>.js', 'a\\b.js', '😀.png'])(
    '%j is escaped as in the import map and in style sheets',
    (publicPath) => {
      expect(urlOf('x', { paths: { x: publicPath } })).toBe(publicUrl('/static/', publicPath));
    },
  );

  it('has a public path that is not escaped, without query and fragment', () => {
    const { publicPath } = createStatic({
      paths: { 'é.svg': 'é.1.svg' },
      baseUrl: 'https://cdn.example.com/',
    });
    expect(['é.svg', 'é.svg?v=1', 'é.svg#x', 'é/'].map(publicPath)).toEqual([
      'é.1.svg',
      'é.1.svg',
      'é.1.svg',
      'é/',
    ]);
  });
});

describe('a folder', () => {
  it.each([
    ['img/', '/static/img/'],
    ['nowhere/?x', '/static/nowhere/?x'],
    ['nowhere/#a/b', '/static/nowhere/#a/b'],
    ['/img/', '/static/img/'],
    ['img//', '/static/img/'],
    ['/', '/static/'],
    ['//', '/static/'],
    ['/?x', '/static/?x'],
  ])('%j is not looked up', (name, url) => {
    expect(urlOf(name)).toBe(url);
  });
});

describe('an unknown name', () => {
  const inherited = Object.getOwnPropertyNames(Object.prototype);

  it.each(['css/nav.css', '', '/css/nav.css', 'css/app.css ', ...inherited])('%j is an error', (name) => {
    const { static: url, publicPath } = createStatic({ paths: PATHS });
    expect(() => url(name)).toThrow(MissingStaticFileError);
    expect(() => publicPath(name)).toThrow(MissingStaticFileError);
  });

  it.each(inherited)('%j is plain if look-ups are not strict', (name) => {
    expect(urlOf(name, { strict: false })).toBe(`/static/${name}`);
  });

  it.each(inherited)('%j is known if a file has that name', (name) => {
    const paths = JSON.parse(`{${JSON.stringify(name)}: "hashed"}`);
    expect(urlOf(name, { paths })).toBe('/static/hashed');
  });

  it('keeps query and fragment if look-ups are not strict', () => {
    expect(urlOf('a b.css?v#x', { strict: false })).toBe('/static/a%20b.css?v#x');
  });

  it('throws an error with a code, and with the name without query and fragment', () => {
    expect(() => urlOf('nav.css?v=1#x')).toThrow(
      expect.objectContaining({ code: 'missing-static-file', name: 'MissingStaticFileError' }),
    );
    expect(failureOf('nothing-of-that-kind.css?v=1#x')).toBe(
      "There is no static file 'nothing-of-that-kind.css'.",
    );
  });

  it.each([
    ['css/ap.css', "'css/app.css'"],
    ['css/App.css', "'css/app.css'"],
    ['app.css', "'css/app.css'"],
    ['styles/app.css', "'css/app.css'"],
    ['css/app.js', "'js/app.js', 'css/app.css'"],
  ])('%s: the error suggests the nearest names, best first', (name, nearest) => {
    expect(failureOf(name)).toBe(`There is no static file '${name}'. Did you mean ${nearest}?`);
  });

  it('gets three suggestions at most', () => {
    const paths = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`icon-${index}.svg`, 'x']));
    expect(failureOf('icon-x.svg', paths)).toContain(
      "Did you mean 'icon-0.svg', 'icon-1.svg', 'icon-2.svg'?",
    );
  });

  it('need not be a string', () => {
    const url = createStatic({ paths: PATHS }).static as (name: unknown) => string;
    expect(() => url(undefined)).toThrow("There is no static file 'undefined'.");
    expect(url({ toString: () => 'css/app.css' })).toBe('/static/css/app.27e20196a850.css');
  });
});

describe('the table', () => {
  it('can be a Map, or any object with get() and keys()', () => {
    const table = {
      get: (name: string) => (name === 'a.css' ? 'a.1.css' : undefined),
      keys: () => ['a.css'],
    };
    expect(urlOf('a.css', { paths: new Map([['a.css', 'a.1.css']]) })).toBe('/static/a.1.css');
    expect(urlOf('a.css?v', { paths: table })).toBe('/static/a.1.css?v');
    expect(failureOf('b.css', table)).toContain("Did you mean 'a.css'?");
  });

  it('can have files named get and keys', () => {
    expect(urlOf('get', { paths: { get: 'get.1', keys: 'keys.1' } })).toBe('/static/get.1');
  });

  it('can be left out: then all names are plain', () => {
    const { static: url, publicPath } = createStatic({});
    expect(url('any/thing.css?v')).toBe('/static/any/thing.css?v');
    expect(publicPath('any/thing.css?v')).toBe('any/thing.css');
  });
});

it('a base URL must end in a slash', () => {
  expect(() => createStatic({ paths: PATHS, baseUrl: '/static' })).toThrow(
    new TypeError("baseUrl must end in '/': '/static'"),
  );
});
