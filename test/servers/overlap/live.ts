import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../services/service.js';

/** The looks at a live manifest. */
export interface Looks {
  count: number;
  /** What it named and was not there, by moments. */
  readonly broken: string[];
}

const MANIFEST = 'staticfiles.json';

/**
 * Returns the missing files of the live manifest, or `undefined` if the manifest was replaced during the look, which then
 * proves nothing.
 */
export async function missingNow(
  { visit }: Service,
  destination: string,
): Promise<readonly string[] | undefined> {
  const manifest = (await visit(destination, MANIFEST))?.bytes.toString();
  const paths = manifest && pathsIn(manifest);
  if (!paths) return undefined;
  const missing: string[] = [];
  for (const publicPath of paths) {
    if (!(await visit(destination, publicPath))) missing.push(publicPath);
  }
  if (missing.length === 0) return missing;
  return (await visit(destination, MANIFEST))?.bytes.toString() === manifest ? missing : undefined;
}

/** Not every server replaces a file in one moment. */
function pathsIn(manifest: string): readonly string[] | undefined {
  try {
    return Object.values((JSON.parse(manifest) as { paths: Record<string, string> }).paths);
  } catch {
    return undefined;
  }
}

/** Looks again and again until it is stopped. */
export async function watchLive(service: Service, destination: string, signal: AbortSignal): Promise<Looks> {
  const looks: Looks = { count: 0, broken: [] };
  while (!signal.aborted) {
    const missing = await missingNow(service, destination).catch(() => undefined); // a connection was cut
    if (missing) looks.count += 1;
    if (missing && missing.length > 0) looks.broken.push(missing.join(', '));
    await sleep(20);
  }
  return looks;
}
