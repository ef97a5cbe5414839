/** What the tests of other handlers expect and ours does otherwise, with the reason. */
interface Difference {
  readonly theirs: string;
  readonly ours: string;
  readonly because: string;
}

const STRONG_ETAGS: Difference = {
  theirs: 'ETags of size and time, most of them weak',
  ours: 'strong ETags of the content',
  because: 'a deploy gives equal bytes a new time, and If-Range and If-Match need strong ones',
};

const NO_INDEX: Difference = {
  theirs: '`index.html` answers for its folder by default',
  ours: 'with `indexFile` only',
  because: 'static files are seldom pages',
};

const REDIRECTED_FOLDER: Difference = {
  theirs: 'the index of a folder answers without the slash',
  ours: '301 to the path with the slash',
  because: 'relative URLs of the page would resolve beside the folder',
};

const NAMED_VARIANTS: Difference = {
  theirs: 'a `.br` or `.gz` beside the file is sent for the file',
  ours: 'only if the manifest names it or it decodes to the file',
  because: 'a variant of an earlier version may have been left behind',
};

const SHORT_CACHE: Difference = {
  theirs: '`max-age=0` by default',
  ours: '60 seconds, and a year for fingerprinted names',
  because: 'a CDN can answer a burst of requests',
};

const NO_403: Difference = {
  theirs: '403 for `..`, and for hidden files if they are denied',
  ours: '404',
  because: 'the answer must not say what exists',
};

/** The test suites that were run against our handler, by name. */
const SUITES: Readonly<Record<string, readonly Difference[]>> = {
  'serve-static': [
    {
      theirs: 'POST to a file falls through',
      ours: '405 with `Allow`; only POST to a path without a file can fall through',
      because: 'a file does not take POST (RFC 9110 §15.5.6)',
    },
    {
      theirs: 'unknown names and folders fall through by default',
      ours: 'only at the root of a host, or with `fallthrough`',
      because: 'a page of the application in place of a script hides the mistake',
    },
    {
      theirs: 'redirects have an HTML body and a Content-Security-Policy',
      ours: 'a line of text with `nosniff`',
      because: 'text needs no policy',
    },
    NO_INDEX,
    SHORT_CACHE,
    NO_403,
  ],
  send: [
    STRONG_ETAGS,
    {
      theirs: 'several ranges are answered with the whole file',
      ours: '206 with `multipart/byteranges`',
      because: 'RFC 9110 §14.6',
    },
    {
      theirs: 'extensions are added only to names without one',
      ours: 'to every name',
      because: '`v1.2` is a page too',
    },
    {
      theirs: '400 for NUL in a path',
      ours: '404',
      because: 'the escape is valid, and no file has that name',
    },
    {
      theirs: 'an error removes all headers that were set before',
      ours: 'they stay',
      because: 'a script of another origin can read the status only with its CORS headers',
    },
  ],
  sirv: [
    REDIRECTED_FOLDER,
    {
      theirs: '`/blog/` is answered with `blog.html`',
      ours: '301 to `/blog`',
      because: 'relative URLs of the page would resolve below it',
    },
    {
      theirs: '`html` and `htm` may be left out by default',
      ours: 'with `extensions` only',
      because: 'each name should have one URL unless you ask for more',
    },
    {
      theirs: '`single` answers every client',
      ours: '`fallback` answers clients that accept HTML',
      because: 'a client that asks for JSON cannot read a page',
    },
    {
      theirs: 'Brotli is preferred to gzip',
      ours: 'the smaller one, unless q-values say otherwise',
      because: 'it is the one that loads sooner',
    },
    STRONG_ETAGS,
  ],
  'koa-static': [NAMED_VARIANTS, REDIRECTED_FOLDER, NO_INDEX, SHORT_CACHE],
  '@fastify/static': [
    {
      theirs: 'unknown names reach `setNotFoundHandler`',
      ours: '404 without a body; with `fallthrough` they reach it',
      because: 'a page in place of a script would be cached under its name',
    },
    NAMED_VARIANTS,
    NO_INDEX,
    NO_403,
  ],
  'Hono’s serve-static': [
    {
      theirs: 'no ETag and no conditions',
      ours: 'all of RFC 9110 §13',
      because: 'an unchanged file need not be sent again',
    },
    {
      theirs: 'an unsatisfiable range is answered with 206',
      ours: '416 with the size',
      because: 'RFC 9110 §15.5.17',
    },
    NAMED_VARIANTS,
    REDIRECTED_FOLDER,
  ],
  WhiteNoise: [
    {
      theirs: '`Access-Control-Allow-Origin: *` for every file',
      ours: 'for fonts, scripts and WebAssembly; for all with `cors: true`',
      because: 'pages load only these in CORS mode by default',
    },
    {
      theirs: '`index.html` is redirected to its folder',
      ours: 'both are answered',
      because: 'a redirect takes a request more',
    },
    {
      theirs: 'redirects are 302',
      ours: '301 with `no-store`',
      because: 'the path is the right one for good, and caches ask again',
    },
    {
      theirs: 'no Last-Modified for a file of 1970',
      ours: 'the date is sent',
      because: 'it is a valid date',
    },
    {
      theirs: '`Accept-Encoding: *` gets the plain file',
      ours: 'the smallest variant',
      because: '`*` matches every encoding (RFC 9110 §12.5.3)',
    },
    STRONG_ETAGS,
  ],
};

/** Returns the part of the page about the test suites of other handlers. */
export function differencesPart(): string {
  const sections = Object.entries(SUITES).map(([suite, differences]) => {
    const rows = differences.map(({ theirs, ours, because }) => `| ${theirs} | ${ours} | ${because} |`);
    return `### ${suite}\n\n| its tests expect | ours | because |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `## Where the tests of others expect something else

The test suites of these handlers, run against ours, show no wrong bytes, range, condition or negotiation. These differences
remain, on purpose.

${sections.join('\n')}`;
}
