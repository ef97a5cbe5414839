import { afterEach, describe, expect, inject, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { type FaultySubject, faultySubjects } from './faults/dialects.js';
import { FAULT_CASES } from './faults/fault-cases.js';
import { expectPublished, liveVersion, newShop, publish, type Shop } from './faults/shop.js';
import { AZURE_KEY } from './start/azurite.js';
import { S3_KEYS } from './start/s3.js';

const servers = inject('servers');
const subjects = faultySubjects(servers, [S3_KEYS.secretAccessKey, AZURE_KEY]);
const proxies: FaultProxy[] = [];

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});

/** A project whose first version is live, and whose second one is to be published. */
async function shopWithNews(subject: FaultySubject): Promise<Shop> {
  const { service } = subject;
  const shop = newShop();
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 1, []);
  shop.edit(2);
  return shop;
}

/** What every fault has to leave: no secret in sight, a live manifest that is whole, and a next run that finishes. */
async function expectHealing(subject: FaultySubject, shop: Shop): Promise<void> {
  const { service } = subject;
  shop.publishTo(service.entry(shop.place));
  expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 2, [1]);
}

describe.each(subjects.map((subject) => ({ ...subject, name: subject.service.name })))('$name', (subject) => {
  const { service, dialect, secrets } = subject;

  test.each(FAULT_CASES)('$name', async ({ faults, message }) => {
    const shop = await shopWithNews(subject);
    const proxy = await startFaultProxy(subject.port);
    proxies.push(proxy);
    proxy.meet(...faults(dialect));
    const { backend, options } = service.entry(shop.place, proxy.port);
    shop.publishTo({ backend, options: { ...options, ...(message && dialect.impatient) } });

    const { exit, stdout, stderr } = await publish(shop, service.env);
    expect(proxy.seen.some(({ fault }) => fault !== undefined)).toBe(true);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    if (message === undefined) expect([exit, stderr]).toEqual([0, '']);
    else expect([exit, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(await liveVersion(service, shop, [1, 2])).toBe(message === undefined ? 2 : 1);
    await expectHealing(subject, shop);
  });
});
