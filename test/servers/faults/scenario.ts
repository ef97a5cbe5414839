import { expect } from 'vitest';
import type { Result } from '../../support/command.js';
import type { Service } from '../services/service.js';
import { expectPublished, liveVersion, newShop, publish, type Shop } from './shop.js';

/** Something that goes wrong, played through at a service. */
export interface Scenario {
  /** The heading that it stands under. */
  readonly section: string;
  readonly fault: string;
  readonly service: Service;
  /** Checks all that a fault has to leave whole, and tells what came of it, for people to read. */
  run(): Promise<string>;
}

/** What is wrong with a run, and how it is to end. */
export interface Trouble {
  readonly service: Service;
  /** None of these may be seen in what a command prints. */
  readonly secrets: readonly string[];
  /** Of a proxy before the server. */
  readonly port?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Fits what the run says where it is to fail; none where it is to publish all the same. */
  readonly message?: RegExp | undefined;
}

/**
 * Publishes a first version, a second one while something is wrong, and then again while nothing is. In between the live
 * manifest is whole, and in the end all is there that is to be.
 *
 * @returns what came of the run with the trouble
 */
export async function play({ service, secrets, port, options, env, message }: Trouble): Promise<string> {
  const shop = await shopWithNews(service);
  const entry = service.entry(shop.place, port);
  shop.publishTo({ ...entry, options: { ...entry.options, ...options } });
  const result = await publish(shop, { ...service.env, ...env });
  expectNoSecrets(result, secrets);
  if (message) expectRefusal(result, message);
  else expect(result).toMatchObject({ exit: 0, stderr: '' });
  expect(await liveVersion(service, shop, [1, 2])).toBe(message ? 1 : 2);
  await expectHealing(service, shop);
  return message ? `fails: “${shown(result.stderr, shop)}”` : 'is published';
}

/** A project whose first version is live, and whose second one is to be published. */
export async function shopWithNews(service: Service): Promise<Shop> {
  const shop = newShop();
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 1, []);
  shop.edit(2);
  return shop;
}

/** The next run, with nothing wrong, finishes the work. It may have to wait until the one before is given up, and says so. */
export async function expectHealing(service: Service, shop: Shop): Promise<void> {
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0 });
  await expectPublished(service, shop, 2, [1]);
}

function expectNoSecrets({ stdout, stderr }: Result, secrets: readonly string[]): void {
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
}

/** A run fails with one message, for people. */
function expectRefusal({ exit, stderr }: Result, message: RegExp): void {
  expect([exit, stderr]).toEqual([1, expect.stringMatching(message)]);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** A message as it is in each run. */
function shown(stderr: string, { place }: Shop): string {
  return stderr
    .trim()
    .split('\n')[0]!
    .replaceAll(place, 'static')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
}
