import { createServer, get, type IncomingMessage, type InformationEvent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createStatic } from '../../src/runtime/lookup.js';
import { createTags, type FileDetails, type TagsOptions } from '../../src/runtime/tags.js';

const PATHS = {
  'js/app.js': 'js/app.1.js',
  'js/cart.js': 'js/cart.2.js',
  'js/price.js': 'js/price.3.js',
  'js/tax.json': 'js/tax.4.json',
  'js/old.js': 'js/old.5.js',
  'css/app.css': 'css/app.6.css',
  'fonts/a.woff2': 'fonts/a.7.woff2',
  'img/ü "x".png': 'img/ü "x".8.png',
  'js/boot#1.js': 'js/boot#1.js',
};

const FILES: Record<string, FileDetails> = {
  'js/app.1.js': { integrity: 'sha384-app', imports: ['js/cart.js', 'js/tax.json'] },
  'js/cart.2.js': { integrity: 'sha384-cart', imports: ['js/price.js', 'js/app.js'] },
  'js/price.3.js': { imports: ['js/app.js', 'js/price.js'] },
  'css/app.6.css': { integrity: 'sha384-css' },
  'js/boot#1.js': { integrity: 'sha384-boot' },
};

function tagsOf(options: TagsOptions = { files: FILES }, strict = true) {
  return createTags(createStatic({ paths: PATHS, baseUrl: '/s/', strict }), options);
}

describe('integrity', () => {
  it('is the published file’s, whatever query and fragment the name has', () => {
    const { integrity } = tagsOf();
    expect(integrity('js/app.js')).toBe('sha384-app');
    expect(integrity('js/app.js?v#x')).toBe('sha384-app');
  });

  it('is empty if it is unknown', () => {
    expect(tagsOf().integrity('js/price.js')).toBe('');
    expect(tagsOf({}).integrity('js/app.js')).toBe('');
    const lookup = createStatic({});
    expect(createTags(lookup, { files: {} }).integrity('constructor')).toBe('');
  });

  it.each(['js/boot#1.js', 'css/app.6.css'])(
    'is empty for %s: without a fingerprint, the next deploy may publish other bytes',
    (name) => {
      const tags = tagsOf({ files: FILES }, false);
      expect(tags.integrity(name)).toBe('');
      expect(tags.modulepreload(name)).not.toContain('integrity');
      expect(tags.preloadHeader([name], { integrity: true })).not.toContain('integrity');
    },
  );

  it('is an error for an unknown file, or empty if look-ups are not strict', () => {
    expect(() => tagsOf().integrity('js/ap.js')).toThrow("There is no static file 'js/ap.js'.");
    expect(tagsOf({ files: FILES }, false).integrity('js/ap.js')).toBe('');
  });
});

describe('importmap', () => {
  it('is a script element that its content cannot end', () => {
    const importmap = { imports: { a: '/s/</script><script>alert(1)</script><!--.js' } };
    const element = tagsOf({ importmap }).importmap();
    const [, json] = /^<script type="importmap">([^<]*)<\/script>$/.exec(element)!;
    expect(JSON.parse(json!)).toEqual(importmap);
  });

  it('has the nonce, escaped', () => {
    const { importmap } = tagsOf({ importmap: { imports: {} } });
    expect(importmap({ nonce: 'r4nd0m' })).toBe(
      '<script type="importmap" nonce="r4nd0m">{"imports":{}}</script>',
    );
    expect(importmap({ nonce: '"><b>&\'' })).toContain('nonce="&quot;&gt;&lt;b&gt;&amp;&#39;"');
  });

  it('is empty if the manifest has no import map', () => {
    expect(tagsOf().importmap({ nonce: 'x' })).toBe('');
  });
});

describe('modulepreload', () => {
  it('names a module and the modules that it imports, nearest first, each once even in cycles', () => {
    expect(tagsOf().modulepreload('js/app.js').split('\n')).toEqual([
      '<link rel="modulepreload" href="/s/js/app.1.js" integrity="sha384-app">',
      '<link rel="modulepreload" href="/s/js/cart.2.js" integrity="sha384-cart">',
      '<link rel="modulepreload" href="/s/js/price.3.js">',
    ]);
  });

  it('has the nonce', () => {
    expect(tagsOf({}).modulepreload('js/app.js', { nonce: 'r4nd0m' })).toBe(
      '<link rel="modulepreload" href="/s/js/app.1.js" nonce="r4nd0m">',
    );
  });

  it('is an error for an unknown module', () => {
    expect(() => tagsOf().modulepreload('js/ap.js')).toThrow("There is no static file 'js/ap.js'.");
  });
});

describe('preloadHeader', () => {
  it.each([
    ['css/app.css', '</s/css/app.6.css>;rel=preload;as=style'],
    ['css/app.css?a="b"', '</s/css/app.6.css?a=%22b%22>;rel=preload;as=style'],
    ['fonts/a.woff2', '</s/fonts/a.7.woff2>;rel=preload;as=font;crossorigin'],
    ['js/old.js', '</s/js/old.5.js>;rel=preload;as=script'],
    ['js/cart.js', '</s/js/cart.2.js>;rel=modulepreload'],
    ['js/price.js?v=1', '</s/js/price.3.js?v=1>;rel=modulepreload'],
    ['js/tax.json', '</s/js/tax.4.json>;rel=preload;as=fetch;crossorigin'],
    ['img/ü "x".png', '</s/img/%C3%BC%20%22x%22.8.png>;rel=preload;as=image'],
    [{ name: 'js/old.js', rel: 'modulepreload' }, '</s/js/old.5.js>;rel=modulepreload'],
    [{ name: 'js/app.js', as: 'fetch' }, '</s/js/app.1.js>;rel=preload;as=fetch;crossorigin'],
    [
      { name: 'js/tax.json', rel: 'modulepreload', as: 'json' },
      '</s/js/tax.4.json>;rel=modulepreload;as=json',
    ],
    [{ name: 'fonts/a.woff2', crossorigin: false }, '</s/fonts/a.7.woff2>;rel=preload;as=font'],
  ] as const)('of %j is %s', (preload, header) => {
    expect(tagsOf().preloadHeader([preload])).toBe(header);
  });

  it('treats a script as a module if others import it or if it is named like one', () => {
    const lookup = createStatic({});
    const { preloadHeader } = createTags(lookup, { files: { 'a.js': { imports: ['leaf.js'] } } });
    expect(preloadHeader(['leaf.js?x', 'b.mjs', 'c.js'])).toBe(
      '</static/leaf.js?x>;rel=modulepreload,</static/b.mjs>;rel=modulepreload,</static/c.js>;rel=preload;as=script',
    );
  });

  it('has the integrity if it is requested and known', () => {
    const { preloadHeader } = tagsOf();
    expect(preloadHeader(['css/app.css', 'fonts/a.woff2'], { integrity: true })).toBe(
      '</s/css/app.6.css>;integrity="sha384-css";rel=preload;as=style,' +
        '</s/fonts/a.7.woff2>;rel=preload;as=font;crossorigin',
    );
  });

  it('is empty for no files', () => {
    expect(tagsOf().preloadHeader([])).toBe('');
  });

  it('is an error for an unknown file', () => {
    expect(() => tagsOf().preloadHeader(['css/ap.css'])).toThrow("Did you mean 'css/app.css'?");
  });
});

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Sends the header in 103 Early Hints and in the response, and returns both as a client gets them. */
async function answersWith(link: string) {
  const server = createServer((_, response) => {
    response.writeEarlyHints({ link });
    response.writeHead(200, { link }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  const hints = new Promise<InformationEvent>((resolve) => request.on('information', resolve));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  answer.resume();
  return { early: await hints, answer };
}

it('Node accepts the header in early hints and in a response', async () => {
  const names = [...Object.keys(PATHS), 'css/app.css?a="b",c;d#<é>'];
  const link = tagsOf().preloadHeader(names, { integrity: true });
  const { early, answer } = await answersWith(link);
  expect(early.statusCode).toBe(103);
  expect(early.headers.link).toBe(link);
  expect(answer.headers.link).toBe(link);
  expect(link.split(/,(?=<)/)).toHaveLength(names.length);
});
