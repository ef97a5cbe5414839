import fs from 'node:fs';
import { readRegularFileSync } from './regular-file.js';
import { fillFrom, openSource } from './source-file.js';

const CHUNK = 256 * 1024;

/** Whether two files hold the same bytes; sizes first. Links are followed. Throws raw system errors. */
export function sameFileBytes(pathA: string, pathB: string): boolean {
  if (fs.statSync(pathA).size !== fs.statSync(pathB).size) return false;
  return withOpenFile(pathA, (a) => withOpenFile(pathB, (b) => sameContents(a, b)));
}

/** Whether a file holds exactly these bytes. Throws raw system errors. */
export function fileHasBytes(filePath: string, bytes: Uint8Array): boolean {
  return fs.statSync(filePath).size === bytes.length && readRegularFileSync(filePath).equals(bytes);
}

function sameContents(a: number, b: number): boolean {
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const length = fillFrom(a, bufferA);
    if (fillFrom(b, bufferB) !== length) return false;
    if (!bufferA.subarray(0, length).equals(bufferB.subarray(0, length))) return false;
    if (length < CHUNK) return true;
  }
}

function withOpenFile<T>(filePath: string, use: (descriptor: number) => T): T {
  const descriptor = openSource(filePath);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
