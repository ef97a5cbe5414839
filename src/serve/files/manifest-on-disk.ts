import fs from 'node:fs';
import { openSource } from '../../files/bytes.js';
import { findEntry, type LineAt, linesIn } from '../../manifest/large-json.js';
import { isRecord } from '../../text/json.js';
import type { PublishedFile, PublishedManifest } from './published-manifest.js';

/**
 * Returns a manifest whose entries are searched in its file at each look-up, so it takes no memory.
 *
 * @param manifest absolute path of the manifest
 * @param details absolute path of its details; the file need not exist
 */
export function manifestOnDisk(manifest: string, details: string): PublishedManifest {
  return {
    publicPath: (logicalPath) => findOnDisk(manifest, logicalPath) as string | undefined,
    details: fs.existsSync(details) ? (publicPath) => fileOnDisk(details, publicPath) : undefined,
    isMixed: true, // the two would have to be read to know
  };
}

function fileOnDisk(details: string, publicPath: string): PublishedFile | undefined {
  const found = findOnDisk(details, publicPath);
  return isRecord(found) ? found : undefined;
}

/** Returns an entry; `undefined` also if the file is not a manifest, since any static file may have that name. */
function findOnDisk(file: string, key: string): unknown {
  let descriptor: number | undefined;
  try {
    descriptor = openSource(file);
    const stats = fs.fstatSync(descriptor);
    const size = stats.isFile() ? stats.size : 0;
    const lineAt = linesOnDisk(descriptor, size);
    return size === 0 ? undefined : findEntry(lineAt, lineAt(0).end, size, key);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Longer than most lines. */
const REACH_BYTES = 2048;

/** Returns a function that reads lines of a file; it reads more until the whole line is there. */
function linesOnDisk(descriptor: number, size: number): LineAt {
  return (offset) => {
    for (let reach = REACH_BYTES; ; reach *= 8) {
      const from = Math.max(0, offset - reach);
      const to = Math.min(size, offset + reach);
      const window = Buffer.allocUnsafe(to - from);
      fs.readSync(descriptor, window, 0, window.length, from);
      const { start, end, bytes } = linesIn(window)(offset - from);
      const isWhole = (start > 0 || from === 0) && (end - start > bytes.length || to === size);
      if (isWhole) return { start: from + start, end: from + end, bytes };
    }
  };
}
