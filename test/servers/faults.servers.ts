import { afterEach, describe, expect, inject, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { faultySubjects } from './faults/dialects.js';
import { FAULT_CASES } from './faults/fault-cases.js';
import { expectHealing, expectRefusal, shopWithNews } from './faults/scenario.js';
import { liveVersion, publish } from './faults/shop.js';
import { AZURE_KEY } from './start/azurite.js';
import { S3_KEYS } from './start/s3.js';

const servers = inject('servers');
const subjects = faultySubjects(servers, [S3_KEYS.secretAccessKey, AZURE_KEY]);
const proxies: FaultProxy[] = [];

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});

describe.each(subjects.map((subject) => ({ ...subject, name: subject.service.name })))('$name', (subject) => {
  const { service, dialect, secrets } = subject;

  test.each(FAULT_CASES)('$name', async ({ faults, message }) => {
    const shop = await shopWithNews(subject);
    const proxy = await startFaultProxy(subject.port);
    proxies.push(proxy);
    proxy.meet(...faults(dialect));
    const { backend, options } = service.entry(shop.place, proxy.port);
    shop.publishTo({ backend, options: { ...options, ...(message && dialect.impatient) } });

    const result = await publish(shop, service.env);
    expect(proxy.seen.some(({ fault }) => fault !== undefined)).toBe(true);
    if (message) expectRefusal(result, message, secrets);
    else expect(result).toMatchObject({ exit: 0, stderr: '' });
    expect(await liveVersion(service, shop, [1, 2])).toBe(message === undefined ? 2 : 1);
    await expectHealing(subject, shop);
  });
});
