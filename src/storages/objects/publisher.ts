import type { Output } from '../../model/output.js';
import type { InventoryOptions, LockOptions, StorageLock } from '../storage.js';
import type { Head } from './head-object.js';
import { lookAtHead, type SeenHead } from './head-requests.js';
import type { HeaderRules } from './headers.js';
import type { Hold } from './hold.js';
import type { KnownObject } from './index-file.js';
import { answers, isIndexRight, type Look, lookAt } from './look.js';
import { type ObjectDestination, overtaken } from './object-destination.js';
import { notePublished, publishedDigest } from './published-objects.js';
import { removeIndex, saveIndex } from './save-index.js';
import { FAREWELL_MS, isFree, takeAsSeen, waitAndTake } from './take-head.js';

/** What a run works with while it holds a destination. */
export interface Publishing {
  readonly destination: ObjectDestination;
  readonly hold: Hold;
  /** The objects that are there, by public path, as this run knows them. */
  readonly objects: ReadonlyMap<string, KnownObject>;
  /** Whether a run that was given up may still delete old versions. Then new ones must differ from them. */
  readonly renews: boolean;
  /** Aborted with the run, and when the hold is lost. */
  readonly signal: AbortSignal;
  /** Records an object that was written, or with `undefined` one that was removed. */
  note(publicPath: string, object: KnownObject | undefined): void;
  /** Saves what is known so far, for the next run if this one dies. */
  saveIndex(): Promise<void>;
}

/**
 * The runs at a destination, one after the other. Each looks, takes the destination, changes it, and gives it back.
 */
export interface Publisher {
  /** Takes the destination now, or with `atFirstWrite` lets `change` take it. */
  lock(signal: AbortSignal, options?: LockOptions): Promise<StorageLock>;
  /** Whether the last run published exactly these outputs. */
  hasPublished(outputs: readonly Output[], signal: AbortSignal): Promise<boolean>;
  /** Finds out what is at the destination. */
  look(signal: AbortSignal, options?: InventoryOptions): Promise<Look>;
  /**
   * Changes the destination while no other run can.
   *
   * @throws StaticFilesError `overtaken` if another run has taken the destination since the look
   */
  change(signal: AbortSignal, step: (publishing: Publishing) => Promise<void>): Promise<void>;
  /** Ends a run that has gone well. */
  finish(signal: AbortSignal, outputs: readonly Output[] | undefined): Promise<void>;
}

export function createPublisher(initial: ObjectDestination, rules: HeaderRules): Publisher {
  let destination = initial;
  /** The head that all plans of this run rest on. */
  let seen: SeenHead | undefined;
  /** Whether the head was the last thing that was read. */
  let isFresh = false;
  let look: Look | undefined;
  let hold: Hold | undefined;
  /** Whether whoever called `lock` has the hold, and not only `change`. */
  let isLocked = false;
  /** Whether the run has announced that it will write. */
  let willWrite = false;
  let handover: Handover = emptyHandover(null);

  // Looking

  async function lookNow(signal: AbortSignal, options: InventoryOptions): Promise<Look> {
    if (hold && look && answers(look, options)) return look;
    destination = { ...destination, indexed: options.index ?? initial.indexed };
    const found = hold ? undefined : await readHead(signal);
    if (!hold && willWrite && found && !isFree(found)) throw overtaken(destination.name);
    const head = hold?.head ?? found?.head;
    look = await lookAt(destination, { ...options, head, hold, rules, signal });
    return look;
  }

  async function readHead(signal: AbortSignal): Promise<SeenHead> {
    const known = isFresh ? seen : undefined;
    isFresh = false;
    seen = known ?? (await lookAtHead(destination, signal));
    return seen;
  }

  // Taking and changing

  async function takeOnce(signal: AbortSignal): Promise<Hold> {
    hold?.lost.throwIfAborted();
    if (hold) return hold;
    const { quiet } = look ?? (await lookNow(signal, {}));
    if (!isFree(seen!)) throw overtaken(destination.name);
    const changes = quiet ? {} : { lost: null, going: null };
    hold = await takeAsSeen(destination, seen!, changes, signal);
    if (hold === undefined) throw overtaken(destination.name);
    handover = emptyHandover(null);
    return hold;
  }

  function publishing(current: Hold, signal: AbortSignal): Publishing {
    const { contents, quiet } = look!;
    const renews = quiet?.going !== undefined;
    return {
      ...{ destination, hold: current, objects: contents.objects, renews, signal },
      note(publicPath, object) {
        handover.hasUnsaved = true;
        if (object) contents.objects.set(publicPath, object);
        else contents.objects.delete(publicPath);
      },
      saveIndex: async () => void (await save(current, signal)),
    };
  }

  /** @returns the version of the index */
  async function save(current: Hold, signal: AbortSignal): Promise<string> {
    const indexVersion = await saveIndex(destination, current, look!.contents, signal);
    rememberIndex(indexVersion);
    handover.hasUnsaved = false;
    return indexVersion;
  }

  function rememberIndex(indexVersion: string | undefined): void {
    look = { ...look!, contents: { ...look!.contents, indexVersion } };
  }

  // Giving back

  /** Whether the next run would have to list the destination, and this one can spare it that with an index. */
  function isIndexMissing({ contents, quiet }: Look): boolean {
    const head = seen?.head;
    return (
      destination.indexed && quiet === undefined && (head?.lost != null || !isIndexRight(contents, head))
    );
  }

  async function giveBack(signal: AbortSignal): Promise<void> {
    if (hold === undefined) return;
    const current = hold;
    try {
      if (current.lost.aborted) return;
      const stop = AbortSignal.any([signal, current.lost]);
      const changes = await lastChanges(current, stop).catch(async (error) => {
        // Without an index the next run lists. Without this write it would wait until this run is given up.
        const unsaved = { ...quietFields(), index: null, published: null };
        await current.giveBack(unsaved, AbortSignal.timeout(FAREWELL_MS));
        throw error;
      });
      await current.giveBack(changes, signal);
    } finally {
      hold = undefined;
      look = undefined;
      seen = undefined;
    }
  }

  /** Returns what the head says when the destination is free again, and saves the index that it names. */
  async function lastChanges(current: Hold, signal: AbortSignal): Promise<Partial<Head>> {
    if (look === undefined) return {};
    const { quiet, contents } = look;
    const still = quietFields();
    if (!destination.indexed) return { ...still, index: null, published: null };
    const isSaved = !handover.hasUnsaved && isIndexRight(contents, current.head);
    const version = isSaved ? contents.indexVersion! : await save(current, signal);
    // The run that was given up may delete more, and a change of this run that was not confirmed may still happen.
    const isCertain = !handover.isUncertain && quiet?.going === undefined;
    return {
      ...still,
      index: isCertain ? version : null,
      published: isCertain ? handover.published : null,
    };
  }

  /** The fields of the head for a run that was given up. */
  function quietFields(): Partial<Head> {
    if (look === undefined) return {};
    const { quiet } = look;
    return { lost: quiet?.since.toISOString() ?? null, going: quiet?.going ?? null };
  }

  /** A run that fails gives the destination back too. */
  async function giveBackAndThrow(error: unknown): Promise<never> {
    handover.isUncertain = true;
    if (!isLocked) await giveBack(AbortSignal.timeout(FAREWELL_MS)).catch(() => {});
    throw error;
  }

  return {
    async lock(signal, { atFirstWrite = false, warn } = {}) {
      if (warn) destination = { ...destination, warn };
      if (atFirstWrite) {
        willWrite = true;
        return {
          lost: NEVER,
          isPending: true,
          async release() {
            willWrite = false;
            await giveBack(AbortSignal.timeout(FAREWELL_MS));
          },
        };
      }
      hold = await waitAndTake(destination, signal);
      isLocked = true;
      look = undefined;
      handover = emptyHandover(hold.head.published);
      return {
        lost: NEVER,
        exclusive: hold.conditional,
        async release() {
          isLocked = false;
          await giveBack(handover.isUncertain ? AbortSignal.timeout(FAREWELL_MS) : NEVER);
        },
      };
    },
    async hasPublished(outputs, signal) {
      if (!destination.indexed || hold) return false;
      seen = await lookAtHead(destination, signal);
      isFresh = true;
      const { head } = seen;
      if (head === undefined || head.state !== 'free' || head.lost !== null || head.published === null)
        return false;
      return head.published === (await publishedDigest(outputs, rules));
    },
    look: (signal, options = {}) => lookNow(signal, options),
    async change(signal, step) {
      try {
        const current = await takeOnce(signal);
        look ??= await lookNow(signal, {});
        if (!destination.indexed) {
          await removeIndex(destination, look.contents, signal);
          rememberIndex(undefined);
        }
        if (!handover.isFinished) handover.published = null;
        await step(publishing(current, AbortSignal.any([signal, current.lost])));
      } catch (error) {
        await giveBackAndThrow(hold?.lost.aborted ? hold.lost.reason : error);
      }
    },
    async finish(signal, outputs) {
      isFresh = false;
      if (look === undefined) return;
      try {
        if (outputs && (hold || isIndexMissing(look))) {
          const { objects, note } = publishing(await takeOnce(signal), signal);
          notePublished(objects, outputs, destination.clock.date(), note);
          handover.published = await publishedDigest(outputs, rules, objects);
          handover.isFinished = true;
        }
        if (!isLocked) await giveBack(signal);
      } catch (error) {
        await giveBackAndThrow(error);
      }
    },
  };
}

const NEVER = new AbortController().signal;

/** What a run hands over to the next one when it gives the destination back. */
interface Handover {
  /** Whether something has changed that is not in the index yet. */
  hasUnsaved: boolean;
  /** Whether a change was begun and not confirmed. */
  isUncertain: boolean;
  /** Whether all outputs of the run are there. */
  isFinished: boolean;
  /** The {@link Head.published} that the next run can compare with. */
  published: string | null;
}

function emptyHandover(published: string | null): Handover {
  return { hasUnsaved: false, isUncertain: false, isFinished: false, published };
}
