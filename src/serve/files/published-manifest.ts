import path from 'node:path';
import { StaticFilesError, systemErrorCode } from '../../errors.js';
import { readRegularFile } from '../../files/bytes.js';
import { assertDetails } from '../../manifest/details.js';
import { readLargeJson } from '../../manifest/large-json.js';
import { assertManifestVersion } from '../../manifest/manifest.js';
import type { Warning } from '../../model/static-file.js';
import type { ManifestSource } from '../../runtime/manifest-source.js';
import { readPair } from '../../runtime/read-manifest.js';
import { isRecord, parsePublishedJson } from '../../text/json.js';

/** Details of a published file (docs/manifest.md). */
export interface PublishedFile {
  readonly type?: string;
  readonly integrity?: string;
  readonly immutable?: boolean;
  readonly encodings?: Readonly<Record<string, { readonly path: string; readonly size: number }>>;
}

/** Manifest with its details, for looking up single entries. */
export interface PublishedManifest {
  /** Returns the public path of a logical path. */
  publicPath(logicalPath: string): string | undefined;
  /** Returns the details of a public path. The function is `undefined` if the manifest has no details. */
  readonly details: ((publicPath: string) => PublishedFile | undefined) | undefined;
  /** Whether the details may be from another run. Then they are right only about names with a fingerprint. */
  readonly isMixed: boolean;
}

/**
 * Reads a manifest, with its details if there are any.
 *
 * @param warn called if the details are from another run
 * @returns `undefined` if there is no manifest
 * @throws StaticFilesError `target` if one of them cannot be read or is damaged
 */
export async function readPublished(
  source: ManifestSource,
  warn: (warning: Warning) => void,
): Promise<PublishedManifest | undefined> {
  const reader = {
    read: (name: string) => readBytes(source, name),
    manifest(bytes: Buffer, where: string) {
      const { frame, get } = readTable(bytes, where, 'paths');
      assertManifestVersion(frame.version, where);
      return { hash: frame.hash, get: get as PublishedManifest['publicPath'] };
    },
    details(bytes: Buffer, where: string) {
      const { frame, get } = readTable(bytes, where, 'files');
      assertDetails(frame, where);
      return { manifest: frame.manifest, get: get as PublishedManifest['details'] };
    },
  };
  const pair = await readPair(source, reader, warn);
  return pair && { publicPath: pair.manifest.get, details: pair.details?.get, isMixed: pair.isMixed };
}

/**
 * Returns a JSON object, and a look-up of the entries in one of its properties. The text is parsed as a whole only if
 * another program wrote it.
 */
function readTable(text: Buffer, where: string, key: string) {
  const large = readLargeJson(text);
  const frame = isRecord(large?.frame) ? large.frame : parsePublishedJson(text.toString(), where);
  const entries = frame[key];
  if (!isRecord(entries)) {
    throw new StaticFilesError(
      'target',
      `'${where}' is damaged: it has no '${key}'. Run collectstatic again.`,
    );
  }
  const isOnLines = large !== undefined && Object.keys(entries).length === 0;
  const own = (name: string) => (Object.hasOwn(entries, name) ? entries[name] : undefined);
  return { frame, get: isOnLines ? large.get : own };
}

async function readBytes({ folder, read }: ManifestSource, name: string): Promise<Buffer | undefined> {
  if (folder === undefined) {
    const text = await read(name);
    return text === undefined ? undefined : Buffer.from(text);
  }
  try {
    return await readRegularFile(path.join(folder, name));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    // The source's own read() throws the error with its message.
    await read(name);
    throw error;
  }
}
