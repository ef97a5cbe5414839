import fs from 'node:fs';
import { startTimeSlice } from '../../concurrency/time-slice.js';
import { readBody } from '../../model/body.js';
import type { WriteRequest, Written } from '../storage.js';
import { type CopyJob, copyAll } from './copy-all.js';
import { type FileMode, writeBytes, writingTarget } from './copy-file.js';
import type { Staging } from './staging.js';

export interface WriteBatchOptions {
  /** The absolute path of the destination. */
  readonly folder: string;
  readonly staging: Staging;
  readonly mode: FileMode;
  progress(files: number): void;
  readonly signal: AbortSignal;
}

/**
 * Writes files to the staging folder: first links and rewritten files, then plain copies.
 *
 * @returns a function that reports each file, to be called once they have their names
 */
export async function writeBatch(
  files: readonly WriteRequest[],
  options: WriteBatchOptions,
): Promise<(done: (written: Written) => void) => void> {
  const { made, copies } = await makeOrPostpone(files, options);
  function* jobs(): Generator<CopyJob> {
    for (const request of copies) yield toJob(request, options.staging);
  }
  const targetOf = (index: number) => `${options.folder}/${copies[index]!.publicPath}`;
  const copied = await copyAll(jobs(), options.mode, targetOf, options);
  return (done) => {
    made.forEach(done);
    copies.forEach(({ publicPath }, index) => {
      done({ publicPath, source: copied[index]! });
    });
  };
}

function toJob({ publicPath, body }: WriteRequest, staging: Staging): CopyJob {
  if (body.kind !== 'file') throw new TypeError(`'${publicPath}' is not a copy of a file.`);
  return { from: body.file, to: staging.pathFor(publicPath), expected: body.stamp };
}

async function makeOrPostpone(
  files: readonly WriteRequest[],
  options: WriteBatchOptions,
): Promise<{ readonly made: readonly Written[]; readonly copies: readonly WriteRequest[] }> {
  const slice = startTimeSlice(options.signal);
  const made: Written[] = [];
  const copies: WriteRequest[] = [];
  for (const file of files) {
    if (slice.isOver()) await slice.yield();
    if (file.body.kind === 'file' && !file.link) copies.push(file);
    else made.push(make(file, options));
  }
  return { made, copies };
}

function make({ publicPath, body, link }: WriteRequest, options: WriteBatchOptions): Written {
  const { folder, staging, mode } = options;
  const target = `${folder}/${publicPath}`;
  const to = staging.pathFor(publicPath);
  if (body.kind === 'file' && link) {
    writingTarget(target, () => fs.symlinkSync(body.file, to));
    return { publicPath };
  }
  const bytes = readBody(body);
  const mtimeMs = writingTarget(target, () => writeBytes(bytes, to, mode));
  return { publicPath, mtimeMs, ...(body.kind === 'rewritten' && { source: body.stamp }) };
}
