import { expect } from 'vitest';
import type { Result } from '../../support/command.js';
import type { FaultySubject } from './dialects.js';
import { expectPublished, newShop, publish, type Shop } from './shop.js';

/** A project whose first version is live, and whose second one is to be published. */
export async function shopWithNews({ service }: Pick<FaultySubject, 'service'>): Promise<Shop> {
  const shop = newShop();
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 1, []);
  shop.edit(2);
  return shop;
}

/** The next run, with nothing wrong, finishes the work. */
export async function expectHealing({ service }: Pick<FaultySubject, 'service'>, shop: Shop): Promise<void> {
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 2, [1]);
}

/** A run fails with one clear message, and tells no secret. */
export function expectRefusal(
  { exit, stdout, stderr }: Result,
  message: RegExp,
  secrets: readonly string[],
): void {
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  expect([exit, stderr]).toEqual([1, expect.stringMatching(message)]);
  expect(stderr).not.toMatch(/^\s+at /m);
}
