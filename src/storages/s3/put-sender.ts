import type { PutObjectCommand, PutObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';

/** Sends one small object. */
export type PutSender = (command: PutObjectCommand, signal: AbortSignal) => Promise<PutObjectCommandOutput>;

type Handler = ReturnType<PutObjectCommand['resolveMiddleware']>;

/**
 * Sends commands through a chain of middleware that is put together once for each signal. `send()` does so for each
 * command, which is a quarter of what a small object costs; its own option for that, `cacheMiddleware`, takes no signal.
 *
 * @param client made here, with nothing in its chain that keeps a state for each command
 */
export function putSender({ middlewareStack, config }: S3Client): PutSender {
  const handlers = new WeakMap<AbortSignal, Handler>();
  return async (command, signal) => {
    let handler = handlers.get(signal);
    if (handler === undefined) {
      handler = command.resolveMiddleware(middlewareStack, config, { abortSignal: signal });
      handlers.set(signal, handler);
    }
    return (await handler(command)).output;
  };
}
