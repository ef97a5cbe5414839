import { StaticFilesError } from '../../errors.js';
import type { Output } from '../../model/output.js';
import type { InventoryOptions, LockOptions, QuietTime, StorageLock } from '../storage.js';
import { type Contents, readContents } from './contents.js';
import type { Head } from './head-object.js';
import type { HeaderRules } from './headers.js';
import type { Hold } from './hold.js';
import { INDEX_NAME, indexBytes, type KnownObject } from './index-file.js';
import { ConditionFailed } from './object-store.js';
import { asSeen, overtaken, type Place, putInternal } from './place.js';
import { notePublished, publishedDigest } from './published-objects.js';
import { quietTime } from './quiet-time.js';
import { isFree, lookAtHead, type SeenHead, takeAsSeen, waitAndTake } from './take-head.js';

/** What a run that fails, or is interrupted, takes at most to tell the next one what it has sent. Milliseconds. */
const LAST_WORDS_MS = 5000;

/** What a run knows of a place when it has looked. */
export interface Look {
  readonly place: Place;
  readonly contents: Contents;
  /** If a run was given up lately. */
  readonly quiet: QuietTime | undefined;
}

/** What a run may do while it holds a place. */
export interface Publishing {
  readonly place: Place;
  readonly hold: Hold;
  /** By public path: what is there, as this run knows it. */
  readonly objects: ReadonlyMap<string, KnownObject>;
  /** Whether a run that was given up may still delete what was there: it must not meet what is written now. */
  readonly renews: boolean;
  /** Aborted with the run, and when the hold is lost. */
  readonly signal: AbortSignal;
  /** Notes what was written, or, with `undefined`, removed. */
  note(publicPath: string, object: KnownObject | undefined): void;
  /** Tells the next run, if this one dies, what is there now. */
  saveIndex(): Promise<void>;
}

/** One run after the other at a place: each looks, takes the place, changes it, and gives it back. */
export interface Publisher {
  lock(signal: AbortSignal, options?: LockOptions): Promise<StorageLock>;
  /** Whether the last run published exactly these outputs. */
  hasPublished(outputs: readonly Output[], signal: AbortSignal): Promise<boolean>;
  look(signal: AbortSignal, options?: InventoryOptions): Promise<Look>;
  /** Changes something, while no other run does. A place that is not held yet is taken as it was seen. */
  change(signal: AbortSignal, step: (publishing: Publishing) => Promise<void>): Promise<void>;
  /** Ends a run that has gone well. */
  finish(signal: AbortSignal, outputs: readonly Output[] | undefined): Promise<void>;
}

export function createPublisher(initial: Place, rules: HeaderRules): Publisher {
  let place = initial;
  /** What all that was planned rests on. */
  let seen: SeenHead | undefined;
  /** Whether the head was just read, and nothing was read after it. */
  let isFresh = false;
  let look: Look | undefined;
  let hold: Hold | undefined;
  /** Whether the hold is for whoever called `lock`, and not for `change` alone. */
  let isLocked = false;
  /** Whether a run that finds the place held must wait: it will write. */
  let willWrite = false;
  /** What is to be told to the next run when the place is given back. */
  let next: LastWords = nothingDone(null);

  async function lookAgain(signal: AbortSignal, options: InventoryOptions): Promise<Look> {
    const { refresh = false, forDeletion = false, complete = false, index } = options;
    const mustList = refresh || forDeletion;
    if (hold && look && (look.contents.isListed || !(mustList || (complete && look.contents.hasOthers))))
      return look;
    place = { ...place, indexed: index ?? initial.indexed };
    const known = hold ? undefined : await headNow(signal);
    const head = hold?.head ?? known?.head;
    if (!hold && willWrite && known && !isFree(known)) throw overtaken(place.name);
    // A run that was given up may still write when it wakes up.
    const isTrusted = !mustList && head?.lost === null && (hold !== undefined || head.state === 'free');
    const contents = await readContents(place, {
      believed: isTrusted ? head.index : null,
      complete,
      conditional: (place.conditional ?? head?.conditional) !== false,
      known: rules.known,
      signal,
    });
    const now = place.clock.date(contents.headModified);
    // The head was last written when the other run was given up, or a moment later.
    const lost = hold?.isTakenOver ? new Date(now).toISOString() : head?.lost;
    look = { place, contents, quiet: head && lost ? quietTime({ ...head, lost }, now) : undefined };
    return look;
  }

  /** Whether the next run would list for want of an index, and need not. */
  function isIndexLacking({ contents, quiet }: Look): boolean {
    const head = seen?.head;
    return place.indexed && quiet === undefined && (head?.lost != null || !isRight(contents, head));
  }

  async function headNow(signal: AbortSignal): Promise<SeenHead> {
    const known = isFresh ? seen : undefined;
    isFresh = false;
    seen = known ?? (await lookAtHead(place, signal));
    return seen;
  }

  async function taken(signal: AbortSignal): Promise<Hold> {
    hold?.lost.throwIfAborted();
    if (hold) return hold;
    const { quiet } = look ?? (await lookAgain(signal, {}));
    if (!isFree(seen!)) throw overtaken(place.name);
    const changes = quiet ? {} : { lost: null, going: null };
    hold = await takeAsSeen(place, seen!, changes, signal);
    if (hold === undefined) throw overtaken(place.name);
    next = nothingDone(null);
    return hold;
  }

  function publishing(current: Hold, signal: AbortSignal): Publishing {
    const { contents, quiet } = look!;
    return {
      ...{ place, hold: current, objects: contents.objects, renews: quiet?.going !== undefined, signal },
      note(publicPath, object) {
        next.isNoted = true;
        if (object) contents.objects.set(publicPath, object);
        else contents.objects.delete(publicPath);
      },
      saveIndex: async () => void (await saveIndex(current, signal)),
    };
  }

  /** What it says would no longer be true. */
  async function removeIndex(signal: AbortSignal): Promise<void> {
    const { contents } = look!;
    if (contents.indexVersion === undefined) return;
    await place.store.remove([place.prefix + INDEX_NAME], signal);
    look = { ...look!, contents: { ...contents, indexVersion: undefined } };
  }

  /** @returns the version of the index */
  async function saveIndex(current: Hold, signal: AbortSignal): Promise<string> {
    const { contents } = look!;
    const bytes = indexBytes({ place: place.name, others: contents.hasOthers, objects: contents.objects });
    const write = (version: string | undefined) =>
      putInternal(place, INDEX_NAME, bytes, {
        condition: current.conditional ? asSeen(version) : undefined,
        signal,
      });
    await current.prove(signal);
    let version: string;
    try {
      version = await write(contents.indexVersion);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      // A run that was given up has written one after all. It is not the right one, so long as the place is ours.
      await current.write({}, signal);
      version = await write((await place.store.read(place.prefix + INDEX_NAME, signal))?.version);
    }
    look = { ...look!, contents: { ...contents, indexVersion: version } };
    next.isNoted = false;
    return version;
  }

  async function giveBack(signal: AbortSignal): Promise<void> {
    if (hold === undefined) return;
    const current = hold;
    try {
      if (current.lost.aborted) return;
      const words = await lastWords(current, AbortSignal.any([signal, current.lost])).catch(async (error) => {
        // Without the index the next run lists. Without the head it would wait until this run is given up.
        const silent = { ...stillQuiet(), index: null, published: null };
        await current.giveBack(silent, AbortSignal.timeout(LAST_WORDS_MS));
        throw error;
      });
      await current.giveBack(words, signal);
    } finally {
      hold = undefined;
      look = undefined;
      seen = undefined;
    }
  }

  /** What the head still says of a run that was given up. */
  function stillQuiet(): Partial<Head> {
    if (look === undefined) return {};
    const { quiet } = look;
    return { lost: quiet?.since.toISOString() ?? null, going: quiet?.going ?? null };
  }

  /** What the head says when the place is free again. */
  async function lastWords(current: Hold, signal: AbortSignal): Promise<Partial<Head>> {
    if (look === undefined) return {};
    const { quiet, contents } = look;
    const still = stillQuiet();
    if (!place.indexed) return { ...still, index: null, published: null };
    const isTold = !next.isNoted && isRight(contents, current.head);
    const version = isTold ? contents.indexVersion! : await saveIndex(current, signal);
    // Whoever was deleting may delete more; and what was begun and not confirmed may have happened or not.
    const isSure = !next.isDoubtful && quiet?.going === undefined;
    return { ...still, index: isSure ? version : null, published: isSure ? next.published : null };
  }

  /** A run that goes wrong gives the place back in good order all the same. */
  async function fail(error: unknown): Promise<never> {
    next.isDoubtful = true;
    if (!isLocked) await giveBack(AbortSignal.timeout(LAST_WORDS_MS)).catch(() => {});
    throw error;
  }

  return {
    async lock(signal, { atFirstWrite = false, warn } = {}) {
      if (warn) place = { ...place, warn };
      if (atFirstWrite) {
        willWrite = true;
        return {
          lost: NEVER,
          isPending: true,
          async release() {
            willWrite = false;
            await giveBack(AbortSignal.timeout(LAST_WORDS_MS));
          },
        };
      }
      hold = await waitAndTake(place, signal);
      isLocked = true;
      look = undefined;
      next = nothingDone(hold.head.published);
      return {
        lost: NEVER,
        exclusive: hold.conditional,
        async release() {
          isLocked = false;
          await giveBack(next.isDoubtful ? AbortSignal.timeout(LAST_WORDS_MS) : NEVER);
        },
      };
    },
    async hasPublished(outputs, signal) {
      if (!place.indexed || hold) return false;
      seen = await lookAtHead(place, signal);
      isFresh = true;
      const { head } = seen;
      if (head === undefined || head.state !== 'free' || head.lost !== null || head.published === null)
        return false;
      return head.published === (await publishedDigest(outputs, rules));
    },
    look: (signal, options = {}) => lookAgain(signal, options),
    async change(signal, step) {
      try {
        const current = await taken(signal);
        look ??= await lookAgain(signal, {});
        if (!place.indexed) await removeIndex(signal);
        if (!next.isFinished) next.published = null;
        await step(publishing(current, AbortSignal.any([signal, current.lost])));
      } catch (error) {
        await fail(hold?.lost.aborted ? hold.lost.reason : error);
      }
    },
    async finish(signal, outputs) {
      isFresh = false;
      if (look === undefined) return;
      try {
        if (outputs && (hold || isIndexLacking(look))) {
          const { objects, note } = publishing(await taken(signal), signal);
          notePublished(objects, outputs, place.clock.date(), note);
          next.published = await publishedDigest(outputs, rules, objects);
          next.isFinished = true;
        }
        if (!isLocked) await giveBack(signal);
      } catch (error) {
        await fail(error);
      }
    },
  };
}

const NEVER = new AbortController().signal;

/** What a run tells the next one, when it gives the place back. */
interface LastWords {
  /** Whether something has changed that no index tells yet. */
  isNoted: boolean;
  /** Whether something was begun of which nobody knows whether it happened. */
  isDoubtful: boolean;
  /** Whether all outputs of the run are there. */
  isFinished: boolean;
  published: string | null;
}

function nothingDone(published: string | null): LastWords {
  return { isNoted: false, isDoubtful: false, isFinished: false, published };
}

/** Whether the index that the head names tells what is there. */
function isRight({ indexVersion, isChanged }: Contents, head: Head | undefined): boolean {
  return indexVersion !== undefined && indexVersion === head?.index && !isChanged;
}

/** @throws StaticFilesError `target` while nothing must be deleted */
export function refuseInQuietTime({ place: { name }, quiet }: Look): void {
  if (quiet === undefined) return;
  throw new StaticFilesError(
    'target',
    `Nothing can be deleted from '${name}' before ${quiet.until.toISOString()}: a run there was given up, and may still wake up. Run again then.`,
  );
}
