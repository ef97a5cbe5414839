import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { StaticFilesError } from '../src/errors.js';
import { errorWithoutSecrets } from '../src/secrets.js';

const URL_WITH_SECRET = 'https://a.blob.core.windows.net/c?sv=2024&sig=hidden%3D';

class Response {
  readonly url = URL_WITH_SECRET;
}

/** An error of an SDK, with its request and all. */
class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly statusCode = 403;
  readonly url = URL_WITH_SECRET;
  readonly headers = { authorization: 'Bearer hidden-1', host: 'a' };
  readonly response = new Response();
}

/** All that logging an error can show. */
function shown(error: unknown): string {
  return inspect(error, { depth: null, showHidden: true }) + String((error as Error).stack);
}

test.each<[string, unknown]>([
  ['the message of a cause', new Error(`GET ${URL_WITH_SECRET}`)],
  ['a cause of a cause', new Error('outer', { cause: new Error(`GET ${URL_WITH_SECRET}`) })],
  ['errors that were gathered', new AggregateError([new Error(`GET ${URL_WITH_SECRET}`)], 'all failed')],
  ['properties, requests and responses', new ServiceError('refused')],
  ['a text', `GET ${URL_WITH_SECRET}`],
  ['an object', { url: URL_WITH_SECRET, sasToken: 'hidden' }],
])('%s shows no credentials', (_, cause) => {
  const error = new StaticFilesError('target', 'It failed.', { cause });
  expect(shown(error)).toContain('…');
  expect(shown(error)).not.toContain('hidden');
});

test('a message shows no credentials', () => {
  expect(new StaticFilesError('plugin', `GET ${URL_WITH_SECRET} failed`).message).toBe(
    'GET https://a.blob.core.windows.net/c?sv=2024&sig=… failed',
  );
});

test('a copy keeps its class and what is no secret', () => {
  const copy = errorWithoutSecrets(new ServiceError(`GET ${URL_WITH_SECRET}`));
  expect(copy).toBeInstanceOf(ServiceError);
  expect(copy).toMatchObject({ name: 'ServiceError', statusCode: 403, headers: { host: 'a' } });
  expect((copy as Error).stack).toContain('errors-without-secrets.test.ts');
});

test('an error with nothing to hide is left as it is, causes in a circle too', () => {
  const error = Object.assign(new Error('ENOENT', { cause: new DOMException('late', 'TimeoutError') }), {
    code: 'ENOENT',
  });
  expect(errorWithoutSecrets(error)).toBe(error);
  const circle: Error & { self?: Error } = new Error('round');
  circle.self = circle;
  expect(errorWithoutSecrets(circle)).toBe(circle);
});

test('secrets that are given are hidden in a chain of causes', () => {
  const error = new Error('outer', { cause: new Error('my-own-key was refused') });
  expect(shown(errorWithoutSecrets(error, ['my-own-key']))).not.toContain('my-own-key');
});
