import { expect } from 'vitest';
import type { Result } from '../../support/command.js';
import type { Service } from '../services/service.js';
import { expectPublished, liveVersion, newShop, publish, type Shop } from './shop.js';

/** Something that goes wrong at a service. */
export interface Scenario {
  /** Its heading on the page. */
  readonly section: string;
  readonly fault: string;
  readonly service: Service;
  /** Checks everything that the fault must leave intact, and returns the outcome for the page. */
  run(): Promise<string>;
}

/** What is wrong with a run, and how it must end. */
export interface Trouble {
  readonly service: Service;
  /** Texts that no command may print. */
  readonly secrets: readonly string[];
  /** The port of a proxy in front of the server. */
  readonly port?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Matches the message of the run if it must fail. `undefined` if it must publish anyway. */
  readonly message?: RegExp | undefined;
}

/**
 * Publishes a first version, then a second one with trouble, and again without. In between, the live manifest must be
 * complete, and in the end everything must be there.
 *
 * @returns the outcome of the run with trouble
 */
export async function play({ service, secrets, port, options, env, message }: Trouble): Promise<string> {
  const shop = await shopWithNews(service);
  const entry = service.entry(shop.destination, port);
  shop.publishTo({ ...entry, options: { ...entry.options, ...options } });
  const result = await publish(shop, { ...service.env, ...env });
  expectNoSecrets(result, secrets);
  if (message) expectRefusal(result, message);
  else expectSuccess(result);
  expect(await liveVersion(service, shop, [1, 2])).toBe(message ? 1 : 2);
  await expectHealing(service, shop);
  return message ? `fails: “${shown(result.stderr, shop)}”` : 'is published';
}

/** Returns a project whose first version is live and whose second one will be published. */
export async function shopWithNews(service: Service): Promise<Shop> {
  const shop = newShop();
  shop.publishTo(service.entry(shop.destination));
  expectSuccess(await publish(shop, service.env));
  await expectPublished(service, shop, 1, []);
  shop.edit(2);
  return shop;
}

/** Checks that the next run, without trouble, finishes the work. It may wait until the one before is given up, and says so. */
export async function expectHealing(service: Service, shop: Shop): Promise<void> {
  shop.publishTo(service.entry(shop.destination));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0 });
  await expectPublished(service, shop, 2, [1]);
}

function expectNoSecrets({ stdout, stderr }: Result, secrets: readonly string[]): void {
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
}

/**
 * A run whose hold could not be renewed for 20 s says so and goes on. With many servers on a busy machine that happens
 * without a fault too, and is what the run must do then. Any other word on stderr is wrong.
 */
const PAUSED =
  /^Warning: This run had lost its hold on '[^']+', because the process or the network paused\. No other run has written there since, so it goes on\.\n$/;

/** Checks that a run publishes and warns of nothing, except that it was paused. */
export function expectSuccess({ exit, stderr }: Result): void {
  expect([exit, stderr.replace(PAUSED, '')]).toEqual([0, '']);
}

/** Checks that a run fails with one message. */
function expectRefusal({ exit, stderr }: Result, message: RegExp): void {
  expect([exit, stderr]).toEqual([1, expect.stringMatching(message)]);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** Removes the parts of a message that differ from run to run. */
function shown(stderr: string, { destination }: Shop): string {
  return stderr
    .trim()
    .split('\n')[0]!
    .replaceAll(destination, 'static')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
}
