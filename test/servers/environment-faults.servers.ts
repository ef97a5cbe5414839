import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, inject, test } from 'vitest';
import { must } from '../system/install.js';
import { startFaultProxy } from './fault-proxy.js';
import { faultySubjects } from './faults/dialects.js';
import { expectHealing, expectRefusal, shopWithNews } from './faults/scenario.js';
import { liveVersion, publish } from './faults/shop.js';
import { debianFile } from './start/install.js';
import { S3_KEYS } from './start/s3.js';

const subjects = faultySubjects(inject('servers'), [S3_KEYS.secretAccessKey]);
const [s3] = subjects;

/** The packages of services, by the name of the storage. */
const PACKAGES: Readonly<Record<string, string>> = {
  s3: '@aws-sdk/client-s3',
  azure: '@azure/storage-blob',
  gcs: '@google-cloud/storage',
};

test.each(subjects.map((subject) => ({ ...subject, name: subject.service.name })))(
  '$name: without its package, the run says what to install',
  async (subject) => {
    const { service } = subject;
    const shop = await shopWithNews(subject);
    const { backend } = service.entry(shop.place);
    const missing = PACKAGES[backend]!;
    const hide = pathToFileURL(path.join(import.meta.dirname, 'faults/hide-package.mjs')).href;
    const env = { ...service.env, NODE_OPTIONS: `--import=${hide}`, HIDDEN_PACKAGE: missing };
    expectRefusal(
      await publish(shop, env),
      new RegExp(`needs the package '${missing}': npm install ${missing}`),
      subject.secrets,
    );
    expect(await liveVersion(service, shop, [1, 2])).toBe(1);
    await expectHealing(subject, shop);
  },
);

/** The library that shows programs another time: https://github.com/wolfcw/libfaketime */
function faketime(): string {
  debianFile('/usr/bin/faketime', 'faketime');
  return must('dpkg', ['-L', 'libfaketime'])
    .split('\n')
    .find((file) => file.endsWith('/libfaketime.so.1'))!;
}

test.each(['-2h', '+2h'])('S3: a clock that is off by %s', async (offset) => {
  const { service, secrets, port } = s3!;
  const shop = await shopWithNews(s3!);
  const proxy = await startFaultProxy(port);
  shop.publishTo(service.entry(shop.place, proxy.port));
  const result = await publish(shop, { ...service.env, LD_PRELOAD: faketime(), FAKETIME: offset });
  await proxy.close();
  // The first request is refused, and tells what the time is.
  expect(proxy.seen.map(({ status }) => status)).toContain(403);
  expect(result).toMatchObject({ exit: 0, stderr: '' });
  for (const secret of secrets) expect(result.stdout).not.toContain(secret);
  expect(await liveVersion(service, shop, [1, 2])).toBe(2);
  await expectHealing(s3!, shop);
});
