import type { Answer, StaticRequest } from '../answer.js';

/** Answers without a file of their own. None is ever kept by a cache: the next release may have the file. */
function madeAnswer(status: number, type: string, text: string, ...headers: readonly string[]): Answer {
  const body = Buffer.from(text);
  return {
    status,
    headers: [
      'content-type',
      `${type}; charset=utf-8`,
      'content-length',
      String(body.length),
      'cache-control',
      'no-store',
      'x-content-type-options',
      'nosniff',
      ...headers,
    ],
    body,
  };
}

function refusal(status: number, text: string, ...headers: readonly string[]): Answer {
  return madeAnswer(status, 'text/plain', `${text}\n`, ...headers);
}

export const MALFORMED = refusal(400, 'Bad request: the path is escaped wrongly.');
/** Without a body, which would take a fifth more time; what clients make of 404 is the same. */
export const ABSENT: Answer = {
  status: 404,
  headers: ['content-length', '0', 'cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
};
export const WRONG_METHOD = refusal(405, 'Method not allowed.', 'allow', 'GET, HEAD');
export const NOT_ACCEPTABLE = refusal(406, 'Not acceptable: no such encoding.', 'vary', 'Accept-Encoding');
/** @param host as a URL has it; `undefined` if it is malformed */
export function hostRefused(host: string | undefined): Answer {
  if (host === undefined) return refusal(403, 'Forbidden: the host of this request is malformed.');
  return refusal(
    403,
    `Forbidden: in development, files are served to this machine only, not to the host '${host}'.\n` +
      `To allow it, start with --allowed-hosts ${host}, or give serve() the option allowedHosts: ['${host}'].`,
  );
}

export const OVERLOADED = refusal(503, 'Too many open files.', 'retry-after', '1');

/** A page that was made for this request. */
export function pageOf(html: string): Answer {
  return madeAnswer(200, 'text/html', html);
}

/** To the same path with a slash. */
export function redirectTo(location: string): Answer {
  return refusal(301, 'Moved permanently.', 'location', location);
}

/** Such an answer, to a GET or a HEAD. */
export function forMethod({ method }: StaticRequest, answer: Answer): Answer {
  return method === 'HEAD' ? { status: answer.status, headers: answer.headers } : answer;
}
