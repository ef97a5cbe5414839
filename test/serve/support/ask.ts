import type { Answering } from '../../../src/serve/answer.js';
import { headerPairs } from '../../../src/serve/answer.js';

/** Answer without a server. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends a request without a server and reads the whole answer.
 *
 * @returns `undefined` if the request falls through to the application
 */
export async function ask(
  { answer }: { readonly answer: Answering },
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answered | undefined> {
  const answered = await answer({ method, url, headers });
  if (answered === undefined) return undefined;
  const { status, body } = answered;
  const chunks: Buffer[] = [];
  if (Buffer.isBuffer(body)) chunks.push(body);
  else if (body !== undefined) for await (const chunk of body.chunks()) chunks.push(chunk);
  return {
    status,
    headers: Object.fromEntries(headerPairs(answered.headers)),
    text: Buffer.concat(chunks).toString(),
  };
}
