import { createStatic, type StaticLookup } from '../../src/runtime/lookup.js';
import { createTags, type StaticTags } from '../../src/runtime/tags.js';

/** Look-ups with tags, as an application passes them to its template engine. */
export const statics: StaticLookup & StaticTags = makeStatics();

function makeStatics() {
  const paths = {
    'css/app.css': 'css/app.1.css',
    'js/app.js': 'js/app.2.js',
    'img/a & b.png': 'img/a & b.3.png',
  };
  const lookup = createStatic({ paths, baseUrl: '/s/' });
  const files = { 'js/app.2.js': { integrity: 'sha384-app' } };
  return { ...lookup, ...createTags(lookup, { importmap: { imports: { app: '/s/js/app.2.js' } }, files }) };
}

export const IMPORT_MAP = '<script type="importmap" nonce="n">{"imports":{"app":"/s/js/app.2.js"}}</script>';
export const MODULE = '<link rel="modulepreload" href="/s/js/app.2.js" integrity="sha384-app" nonce="n">';
