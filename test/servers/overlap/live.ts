import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../services/service.js';

/** What was seen of a live manifest. */
export interface Looks {
  count: number;
  /** What it named and was not there, by moments. */
  readonly broken: string[];
}

const MANIFEST = 'staticfiles.json';

/** The files that the live manifest names, and that are not there. A manifest that was replaced while they were looked at says nothing. */
export async function missingNow({ visit }: Service, place: string): Promise<readonly string[] | undefined> {
  const manifest = (await visit(place, MANIFEST))?.bytes.toString();
  if (manifest === undefined) return undefined;
  const { paths } = JSON.parse(manifest) as { paths: Record<string, string> };
  const missing: string[] = [];
  for (const publicPath of Object.values(paths))
    if (!(await visit(place, publicPath))) missing.push(publicPath);
  if (missing.length === 0) return missing;
  return (await visit(place, MANIFEST))?.bytes.toString() === manifest ? missing : undefined;
}

/** Looks again and again until it is told to end. */
export async function watchLive(service: Service, place: string, signal: AbortSignal): Promise<Looks> {
  const looks: Looks = { count: 0, broken: [] };
  while (!signal.aborted) {
    const missing = await missingNow(service, place);
    if (missing) looks.count += 1;
    if (missing && missing.length > 0) looks.broken.push(missing.join(', '));
    await sleep(20);
  }
  return looks;
}
