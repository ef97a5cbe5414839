import fs from 'node:fs';
import { onTestFinished } from 'vitest';

/** An error as the system reports it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: reported by a test`), { code });
}

type AnyFunction = (...args: unknown[]) => unknown;

/** The functions of `node:fs` that end in `Sync`. */
type SyncName = Extract<keyof typeof fs, `${string}Sync`>;

/**
 * Has a function of `node:fs` fail for some arguments until the test is over.
 *
 * @param isMeant gets the arguments of a call; without it, every call fails
 */
export function failCalls(
  name: SyncName,
  error: Error,
  isMeant: (...args: unknown[]) => boolean = () => true,
): void {
  const calls = fs as unknown as Record<string, AnyFunction>;
  const original = calls[name]!;
  calls[name] = (...args) => {
    if (isMeant(...args)) throw error;
    return original(...args);
  };
  onTestFinished(() => {
    calls[name] = original;
  });
}

/** Notes the arguments of all calls of a function of `node:fs` until the test is over. */
export function noteCalls(name: SyncName): readonly unknown[][] {
  const calls = fs as unknown as Record<string, AnyFunction>;
  const original = calls[name]!;
  const noted: unknown[][] = [];
  calls[name] = (...args) => {
    noted.push(args);
    return original(...args);
  };
  onTestFinished(() => {
    calls[name] = original;
  });
  return noted;
}
