import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../../src/storages/objects/clock.js';
import type { ObjectStore } from '../../../../src/storages/objects/object-store.js';
import type { MemoryStore } from '../../../support/memory-store.js';

/** A request that the service has not answered yet. */
interface Request {
  readonly label: string;
  /** Makes the service do it, and answers. */
  answer(): Promise<void>;
}

interface Timer {
  readonly at: number;
  /** Whether the run only waits for it. */
  readonly isWaiting: boolean;
  ring(): void;
}

/** How a run ended. */
export type Ending = { readonly ok: unknown } | { readonly error: unknown };

/** A run whose requests wait until the test lets them happen. */
export class Actor {
  readonly requests: Request[] = [];
  readonly timers = new Set<Timer>();
  ending: Ending | undefined;
  isDead = false;
  isFrozen = false;

  constructor(
    readonly name: string,
    private readonly world: World,
  ) {}

  /** Whether it can do nothing by itself. */
  get isIdle(): boolean {
    return (
      this.ending !== undefined ||
      this.isDead ||
      this.requests.length > 0 ||
      [...this.timers].some(({ isWaiting }) => isWaiting)
    );
  }

  start(run: (store: ObjectStore, clock: Clock) => Promise<unknown>): void {
    run(this.store(), this.clock()).then(
      (ok) => {
        this.ending = { ok };
      },
      (error) => {
        this.ending = { error };
      },
    );
  }

  /** Returns the service as this run calls it. */
  private store(): ObjectStore {
    const { store } = this.world;
    const ask = <T>(label: string, signal: AbortSignal, call: () => Promise<T>) =>
      this.ask(label, signal, call);
    return {
      ...store,
      async *list(prefix, signal) {
        const pages = await ask(`list ${prefix}`, signal, async () => {
          const all = [];
          for await (const page of store.list(prefix, signal)) all.push(page);
          return all;
        });
        yield* pages;
      },
      read: (key, signal) => ask(`read ${key}`, signal, () => store.read(key, signal)),
      put: (key, body, options) => ask(`put ${key}`, options.signal, () => store.put(key, body, options)),
      putHeaders: (key, options) =>
        ask(`headers ${key}`, options.signal, () => store.putHeaders!(key, options)),
      remove: (keys, signal, versions) =>
        ask(`remove ${keys.join(' ')}`, signal, () => store.remove(keys, signal, versions)),
    };
  }

  /** An aborted request stays, since it may arrive anyway. */
  private ask<T>(label: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal.reason);
      if (signal.aborted) return giveUp();
      setMaxListeners(0, signal); // killed runs never remove their listeners
      signal.addEventListener('abort', giveUp, { once: true });
      this.requests.push({
        label,
        answer: async () => {
          signal.removeEventListener('abort', giveUp);
          await call().then(resolve, reject);
        },
      });
    });
  }

  private clock(): Clock {
    const { world } = this;
    const addTimer = (milliseconds: number, isWaiting: boolean, ring: () => void) => {
      const timer = { at: world.now + milliseconds, isWaiting, ring };
      this.timers.add(timer);
      return () => void this.timers.delete(timer);
    };
    return {
      now: () => world.now,
      date: () => world.startedAt + world.now,
      wait: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const giveUp = () => {
            cancel();
            reject(signal.reason);
          };
          const cancel = addTimer(milliseconds, true, () => {
            signal.removeEventListener('abort', giveUp);
            resolve();
          });
          signal.addEventListener('abort', giveUp, { once: true });
        }),
      after: (milliseconds, callback) => addTimer(milliseconds, false, callback),
    };
  }
}

/** How long a request takes. Milliseconds. */
const REQUEST_MS = 50;

/** Several runs at one service. Their requests happen one at a time, in an order that the test chooses. */
export class World {
  now = 0;
  readonly startedAt = Date.now();
  readonly actors: Actor[] = [];
  readonly log: string[] = [];

  constructor(readonly store: MemoryStore) {}

  /** Starts a run, which gets as far as its first request. */
  async run(name: string, run: (store: ObjectStore, clock: Clock) => Promise<unknown>): Promise<Actor> {
    const actor = new Actor(name, this);
    this.actors.push(actor);
    actor.start(run);
    await this.settle();
    return actor;
  }

  /** Lets one request of a run happen. */
  async step(actor: Actor): Promise<void> {
    const [request] = actor.requests.splice(0, 1);
    this.log.push(`${actor.name}: ${request!.label}`);
    await request!.answer();
    this.now += REQUEST_MS;
    await this.settle();
  }

  /** Decides whether the requests of a dead run were sent. */
  async kill(actor: Actor): Promise<void> {
    this.log.push(`${actor.name} is killed`);
    actor.isDead = true;
    actor.requests.length = 0;
    actor.timers.clear();
  }

  freeze(actor: Actor): void {
    this.log.push(`${actor.name} is frozen`);
    actor.isFrozen = true;
  }

  async wake(actor: Actor): Promise<void> {
    this.log.push(`${actor.name} wakes up`);
    actor.isFrozen = false;
    await this.settle();
  }

  /** Returns the runs that have a request to make. */
  get ready(): readonly Actor[] {
    return this.actors.filter(
      ({ requests, isFrozen, isDead }) => requests.length > 0 && !isFrozen && !isDead,
    );
  }

  /** Lets the time pass until the next timer fires. Returns `false` if there is none. */
  async passTime(): Promise<boolean> {
    const waiting = this.actors.filter(({ isFrozen, isDead, ending }) => !isFrozen && !isDead && !ending);
    const times = waiting.flatMap(({ timers }) => Array.from(timers, ({ at }) => at));
    if (times.length === 0) return false;
    this.now = Math.max(this.now, Math.min(...times));
    await this.settle();
    return true;
  }

  /** Fires the timers that are due, and waits until no run can go on by itself. */
  private async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = this.state();
      this.ring();
      await setImmediate();
      quiet =
        before === this.state() && this.actors.every((each) => each.isFrozen || each.isIdle) ? quiet + 1 : 0;
    }
  }

  private ring(): void {
    for (const actor of this.actors) {
      if (actor.isFrozen || actor.isDead) continue;
      for (const timer of [...actor.timers].sort((a, b) => a.at - b.at)) {
        if (timer.at > this.now || !actor.timers.delete(timer)) continue;
        timer.ring();
      }
    }
  }

  private state(): string {
    return this.actors
      .map(({ requests, timers, ending }) => `${requests.length}/${timers.size}/${ending !== undefined}`)
      .join();
  }
}
