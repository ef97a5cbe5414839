import fs from 'node:fs';
import { onTestFinished, vi } from 'vitest';
import { newProject } from './project.js';

/** What was flushed to the disk through handles. */
export interface Flushes {
  /** Each file and folder, in the order in which they were flushed. */
  readonly files: string[];
  /** Each file and folder that was opened for it, with the flags. */
  readonly opened: (readonly [file: string, flags: unknown])[];
  /** How many handles are open now. */
  open: number;
  /** How many were open at once. */
  most: number;
}

/**
 * Notes what is flushed until the test is over. Nothing reaches the disk.
 *
 * @param onFlush called for each; what it throws is what the system reports
 */
export function noteFlushes(onFlush: (file: string) => void = () => {}): Flushes {
  const flushes: Flushes = { files: [], opened: [], open: 0, most: 0 };
  const spy = vi.spyOn(fs.promises, 'open').mockImplementation((async (file: string, flags: unknown) => {
    flushes.opened.push([file, flags]);
    flushes.open += 1;
    flushes.most = Math.max(flushes.most, flushes.open);
    return {
      async sync() {
        await new Promise(setImmediate);
        flushes.files.push(file);
        onFlush(file);
      },
      async close() {
        flushes.open -= 1;
      },
    };
  }) as unknown as typeof fs.promises.open);
  onTestFinished(() => spy.mockRestore());
  return flushes;
}

/**
 * Replaces the program `sync` until the test is over.
 *
 * @param exit its exit code; `undefined`: there is no such program
 * @returns a function that returns the arguments of each call
 */
export function replaceSync(exit: number | undefined): () => string[] {
  const project = newProject({ bin: { folder: true }, log: '' });
  const log = project.path('log');
  if (exit !== undefined) {
    const script = `#!/bin/sh\necho "$*" >> '${log}'\nexit ${exit}\n`;
    project.write({ 'bin/sync': { text: script, mode: 0o755 } });
  }
  const before = process.env.PATH;
  process.env.PATH = project.path('bin');
  onTestFinished(() => {
    process.env.PATH = before;
  });
  return () => fs.readFileSync(log, 'utf8').split('\n').filter(Boolean);
}
