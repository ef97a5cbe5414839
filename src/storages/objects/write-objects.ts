import { StaticFilesError } from '../../errors.js';
import { inLanes } from '../../lanes.js';
import { isManifest, type Output } from '../../output.js';
import { nameSourceErrors } from '../../source-errors.js';
import type { WriteOptions, WriteRequest } from '../storage.js';
import { type Account, type Place, unlessOvertaken } from './account.js';
import type { HeaderRules } from './header-rules.js';
import { INDEX_NAME, type KnownObject } from './index-object.js';
import { outgoingBody } from './object-body.js';
import type { Condition } from './object-store.js';

/** To where, and how. */
export interface Writing {
  readonly place: Place;
  readonly account: Account;
  readonly rules: HeaderRules;
  /** How many objects are on their way at a time. */
  readonly lanes: number;
}

/** So much of what a long run has sent is not known to the next one where it is killed. */
const SAVE_EVERY_MS = 30_000;
/** What a run that fails takes at most to tell the next one what it has sent. */
const LAST_SAVE_MS = 5000;

/** Sends the files of a phase, and notes each in the account, which a run that fails leaves to the next one. */
export async function writeObjects(
  files: readonly WriteRequest[],
  writing: Writing,
  { done, progress, signal }: WriteOptions,
): Promise<void> {
  const { account, lanes } = writing;
  refuseIndexName(files);
  let count = 0;
  let bytes = 0;
  let savedAt = Date.now();
  try {
    await inLanes(files, lanes, signal, async (file) => {
      const { object, sent } = await send(file, writing, signal);
      account.note(file.publicPath, object);
      done({ publicPath: file.publicPath });
      count += 1;
      bytes += sent;
      progress?.(count, bytes);
      if (Date.now() - savedAt < SAVE_EVERY_MS) return;
      savedAt = Infinity; // until this is done
      await account.save(signal);
      savedAt = Date.now();
    });
  } catch (error) {
    await account.save(AbortSignal.timeout(LAST_SAVE_MS)).catch(() => {});
    throw error;
  }
}

/**
 * Forgets the headers that are about to be changed: should the run die, nobody knows which of them have been, since other
 * headers make no other version.
 *
 * @returns whether there are such
 */
export function forgetHeaders(files: readonly WriteRequest[], account: Account): boolean {
  const changing = files.filter(({ headersOnly }) => headersOnly);
  for (const { publicPath } of changing) {
    const object = account.objects.get(publicPath);
    if (object === undefined) continue;
    const { headers: _, ...known } = object;
    account.note(publicPath, known);
  }
  return changing.length > 0;
}

function refuseIndexName(files: readonly WriteRequest[]): void {
  const file = files.find(({ publicPath }) => publicPath === INDEX_NAME);
  if (file === undefined) return;
  const from = file.output.source?.sourcePath ?? file.output.logicalPath;
  throw new StaticFilesError(
    'source',
    `'${from}' would be published as '${INDEX_NAME}', where the storage keeps what it knows. Rename or ignore the file.`,
  );
}

/** What is known of an object that was written, and how many bytes that took. */
interface Sent {
  readonly object: KnownObject;
  readonly sent: number;
}

async function send(
  { output, publicPath, headersOnly }: WriteRequest,
  { place, account, rules }: Writing,
  signal: AbortSignal,
): Promise<Sent> {
  const headers = rules.headersOf(output);
  const known = account.objects.get(publicPath);
  const key = place.prefix + publicPath;
  const { store } = place;
  if (headersOnly && known && store.putHeaders && known.size <= (store.putsHeadersUpTo ?? Infinity)) {
    const condition = { version: known.version };
    const put = () => store.putHeaders!(key, { headers, condition, signal });
    const { version } = await unlessOvertaken(place.name, put);
    return { object: { ...known, version, headers }, sent: 0 };
  }
  const body = nameSourceErrors(output, () => outgoingBody(output));
  const condition = conditionOf(output, known);
  const put = () => store.put(key, body, { headers, signal, ...(condition && { condition }) });
  const { version } = await unlessOvertaken(place.name, put);
  return {
    object: {
      ...{ size: body.size, hash: body.digest, hashAlgorithm: 'sha384', version, headers },
      ...(!isManifest(output) && { leftSince: 0 }),
    },
    sent: body.size,
  };
}

/** Of what tells which files are live, no other run's is to be lost without notice. */
function conditionOf(output: Output, known: KnownObject | undefined): Condition | undefined {
  if (!isManifest(output)) return undefined;
  return known ? { version: known.version } : { absent: true };
}
