import { describe, expect, test } from 'vitest';
import type { Answer, StaticRequest } from '../../../src/serve/answer.js';
import * as refusals from '../../../src/serve/http/refusals.js';

const { ABSENT, MALFORMED, NOT_ACCEPTABLE, OVERLOADED, WRONG_METHOD } = refusals;

function headerOf({ headers }: Answer, name: string): string | undefined {
  const at = headers.indexOf(name);
  return at === -1 ? undefined : headers[at + 1];
}

function requestOf(method: string): StaticRequest {
  return { method, target: '/', headers: {} } as unknown as StaticRequest;
}

test.each([
  [MALFORMED, 400, 'Bad request: the path has an invalid escape.\n'],
  [WRONG_METHOD, 405, 'Method not allowed.\n'],
  [NOT_ACCEPTABLE, 406, 'Not acceptable: the file is not available in an accepted encoding.\n'],
  [OVERLOADED, 503, 'Too many open files.\n'],
] as const)('an answer without a file is text that no cache keeps: %#', (answer, status, text) => {
  expect(answer.status).toBe(status);
  expect(String(answer.body)).toBe(text);
  expect(answer.headers.slice(0, 8)).toEqual([
    ...['content-type', 'text/plain; charset=utf-8', 'content-length', String(text.length)],
    ...['cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
  ]);
});

test('a redirect and a refused host are such answers, too', () => {
  const usual = [
    ...['content-type', 'text/plain; charset=utf-8', 'content-length', expect.any(String)],
    ...['cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
  ];
  const redirect = refusals.redirectTo('/a/');
  expect([redirect.status, String(redirect.body)]).toEqual([301, 'Moved permanently.\n']);
  for (const { headers } of [redirect, refusals.hostRefused('a'), refusals.hostRefused(undefined)])
    expect(headers.slice(0, 8)).toEqual(usual);
});

test('each says what a client may do instead', () => {
  expect(headerOf(WRONG_METHOD, 'allow')).toBe('GET, HEAD');
  expect(headerOf(NOT_ACCEPTABLE, 'vary')).toBe('Accept-Encoding');
  expect(headerOf(OVERLOADED, 'retry-after')).toBe('1');
  expect(headerOf(refusals.redirectTo('/a/'), 'location')).toBe('/a/');
});

test('a missing file has no body', () => {
  expect(ABSENT).toEqual({
    status: 404,
    headers: ['content-length', '0', 'cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
  });
});

describe('a refused host', () => {
  test('is named, with what allows it', () => {
    const { status, body } = refusals.hostRefused('evil.example');
    expect(status).toBe(403);
    expect(String(body)).toMatch(/'evil\.example'.*--allowed-hosts evil\.example.*\['evil\.example'\]/s);
  });

  test('is not repeated if it is malformed', () => {
    const { status, body } = refusals.hostRefused(undefined);
    expect(status).toBe(403);
    expect(String(body)).toBe('Forbidden: the host of this request is malformed.\n');
  });
});

test('a page is HTML', () => {
  const page = refusals.pageOf('<p>é</p>');
  expect(page.status).toBe(200);
  expect(headerOf(page, 'content-type')).toBe('text/html; charset=utf-8');
  expect(headerOf(page, 'content-length')).toBe('9');
});

test('HEAD gets the headers without the body', () => {
  expect(refusals.forMethod(requestOf('HEAD'), MALFORMED)).toEqual({
    status: 400,
    headers: MALFORMED.headers,
  });
  expect(refusals.forMethod(requestOf('GET'), MALFORMED)).toBe(MALFORMED);
});
