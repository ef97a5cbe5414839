import fc from 'fast-check';

/** Parts of paths, good ones and bad ones. */
const PIECES = [
  'static',
  'css',
  'app.css',
  'app.0123456789ab.css',
  'large.txt',
  'docs',
  'index.html',
  'robots.txt',
  '.well-known',
  '.env',
  '.git',
  'config',
  'link.txt',
  'linked',
  'secret.txt',
  'root',
  'root-beside',
  'staticfiles.json',
  'staticfiles.details.json',
  'etc',
  'passwd',
  'proc',
  'self',
  'environ',
  '..',
  '.',
  '',
  '...',
  '..;',
  '%2e%2e',
  '%2E%2E',
  '.%2e',
  '%252e%252e',
  '..%2f',
  '..%5c',
  '..\\',
  '%00',
  '%',
  '%zz',
  '%c0%ae%c0%ae',
  '%ff',
  '%e2%82%ac',
  '~',
  'C:',
  '\\\\host\\share',
  'constructor',
  '__proto__',
  'a b',
  'x'.repeat(300),
];

const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'get',
  'X',
];

/** Generates an odd value one time in so many. */
function seldom<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, oneIn = 12): fc.Arbitrary<T> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const latin1 = (codes: readonly number[]) => String.fromCharCode(...codes);
const printable = fc.integer({ min: 32, max: 255 }).filter((code) => code !== 127);

/** Text of one line, seldom with control characters. */
const anyText = seldom(
  fc.array(printable, { maxLength: 60 }).map(latin1),
  fc.array(fc.integer({ min: 0, max: 255 }).filter((code) => code !== 10 && code !== 13)).map(latin1),
  40,
);

const path = fc
  .array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...PIECES) }, anyText), {
    minLength: 1,
    maxLength: 7,
  })
  .map((pieces) => pieces.join('/'));

const prefix = fc.constantFrom(
  '/static/',
  '/static/',
  '/static/',
  '/',
  '//',
  '',
  '/static//',
  'http://host/static/',
  '\\',
);

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  anyText.map((text) => `?${text}`),
);

/** Targets with some characters escaped, as only attackers write them. */
const wildTarget = fc
  .tuple(prefix, path, query, fc.infiniteStream(fc.integer({ min: 0, max: 30 })))
  .map(([start, rest, suffix, chances]) => start + escapedSometimes(rest, chances) + suffix);

function escapedSometimes(text: string, chances: Iterator<number>): string {
  return Array.from(text, (character) =>
    chances.next().value === 0 ? `%${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character,
  ).join('');
}

/** Targets that exist. */
const goodTarget = fc.constantFrom(
  '/static/css/app.css',
  '/static/large.txt',
  '/static/docs/index.html',
  '/static/docs/',
  '/static/docs',
  '/static/a%20b',
  '/robots.txt',
  '/docs/',
  '/.well-known/a.txt',
  'http://localhost/static/css/app.css',
);
const target = fc.oneof(goodTarget, wildTarget);

const number = fc.oneof(
  fc.constantFrom('', '0', '1', '9', '99999999999999999999', '-1', '0x10', '1e3'),
  fc.nat(2_000_000).map(String),
);
const spec = fc.tuple(number, number).map(([first, last]) => `${first}-${last}`);
const range = fc
  .oneof(
    fc.tuple(spec),
    fc.tuple(fc.constantFrom('0-9', '5-', '-7')),
    fc.array(spec, { minLength: 2, maxLength: 40 }),
  )
  .map((specs) => `bytes=${specs.join(',')}`);
const codings = fc
  .array(
    fc.tuple(
      fc.constantFrom('br', 'gzip', 'zstd', 'identity', '*', 'x-gzip', 'deflate', ''),
      fc.constantFrom('', ';q=0', ';q=1', ';q=0.5', ';q=', ';q=9', ';q=-1', ';;'),
    ),
    { maxLength: 20 },
  )
  .map((each) => each.map(([coding, quality]) => coding + quality).join(', '));
const tags = fc
  .array(fc.constantFrom('"a"', 'W/"a"', '"', 'W/', '""', '"a', 'a"', ','), { maxLength: 40 })
  .map((each) => each.join(',') || '*');
const date = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((each) => each.toUTCString()),
  fc.constantFrom('0', '2030', 'Sun, 99 Foo 9999 99:99:99 GMT', 'now'),
);
const huge = fc.constantFrom('a', ',', '"', '0-0,', 'gzip;q=0,', ' ').map((each) => each.repeat(3000));

function header(names: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const anyValue = seldom(value, seldom(anyText, huge, 4));
  return fc.tuple(fc.constantFrom(...names), anyValue).map(([name, text]) => `${name}: ${text}`);
}

const known = fc.oneof(
  header(['Range', 'range'], range),
  header(['Accept-Encoding', 'accept-encoding', 'ACCEPT-ENCODING'], codings),
  header(['If-None-Match', 'If-Match', 'If-Range'], tags),
  header(['If-Modified-Since', 'If-Unmodified-Since', 'If-Range'], date),
);
const odd = fc.oneof(
  header(['Host', 'Cookie', 'Cache-Control', 'Referer', 'Expect', 'Upgrade', 'X-Y', '__proto__'], anyText),
  fc.tuple(anyText, anyText).map(([name, value]) => `${name}: ${value}`),
);
const headers = fc.array(seldom(known, odd, 30), { maxLength: 5, size: 'max' });

/** Requests as they are sent, in Latin-1. Most are valid HTTP. */
export const request: fc.Arbitrary<string> = fc
  .record({
    method: seldom(fc.constantFrom('GET', 'GET', 'HEAD'), fc.constantFrom(...METHODS)),
    target,
    version: seldom(fc.constant('1.1'), fc.constantFrom('1.0', '2.0', '')),
    headers,
    copies: seldom(fc.constant(1), fc.constantFrom(0, 50, 400)),
  })
  .map(({ method, target, version, headers, copies }) => {
    const lines = Array.from({ length: copies }, () => headers).flat();
    // A space would end the target, which only some requests try.
    const written = target.length % 20 === 0 ? target : target.replaceAll(' ', '%20');
    return [
      `${method} ${written} HTTP/${version}`,
      'Host: localhost',
      'Connection: close',
      ...lines,
      '',
      '',
    ].join('\r\n');
  });
