import type { Answer, StaticRequest } from '../answer.js';

/** Caches must not keep these answers, because the next release may have the file. */
const HEADERS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'];

function textAnswer(status: number, type: string, text: string, ...headers: readonly string[]): Answer {
  const body = Buffer.from(text);
  const ofText = ['content-type', `${type}; charset=utf-8`, 'content-length', String(body.length)];
  return { status, headers: [...ofText, ...HEADERS, ...headers], body };
}

function refusal(status: number, text: string, ...headers: readonly string[]): Answer {
  return textAnswer(status, 'text/plain', `${text}\n`, ...headers);
}

export const MALFORMED = refusal(400, 'Bad request: the path has an invalid escape.');

/** A 404 has no body, which would take a fifth more time and change nothing for clients. */
export const ABSENT: Answer = { status: 404, headers: ['content-length', '0', ...HEADERS] };

export const WRONG_METHOD = refusal(405, 'Method not allowed.', 'allow', 'GET, HEAD');

export const NOT_ACCEPTABLE = refusal(
  406,
  'Not acceptable: the file is not available in an accepted encoding.',
  'vary',
  'Accept-Encoding',
);

export const OVERLOADED = refusal(503, 'Too many open files.', 'retry-after', '1');

/**
 * Returns the answer to a request for a host that is not allowed.
 *
 * @param host in the form of a URL; `undefined` if it is malformed
 */
export function hostRefused(host: string | undefined): Answer {
  if (host === undefined) return refusal(403, 'Forbidden: the host of this request is malformed.');
  return refusal(
    403,
    `Forbidden: in development, files are served to this machine only, not to the host '${host}'.\n` +
      `To allow it, start with --allowed-hosts ${host}, or pass allowedHosts: ['${host}'] to serve().`,
  );
}

/** Returns the answer with a generated page. */
export function pageOf(html: string): Answer {
  return textAnswer(200, 'text/html', html);
}

/** Returns a permanent redirect. */
export function redirectTo(location: string): Answer {
  return refusal(301, 'Moved permanently.', 'location', location);
}

/** Returns the answer without its body if the request is a HEAD. */
export function forMethod({ method }: StaticRequest, answer: Answer): Answer {
  return method === 'HEAD' ? { status: answer.status, headers: answer.headers } : answer;
}
