import { describe, expect, inject, test } from 'vitest';
import type { FaultySubject } from './faults/dialects.js';
import { faultySubjects } from './faults/dialects.js';
import { expectHealing, expectRefusal, shopWithNews } from './faults/scenario.js';
import { liveVersion, publish } from './faults/shop.js';
import { AZURE_KEY } from './start/azurite.js';
import { freePort } from './start/process.js';
import { S3_KEYS } from './start/s3.js';

const WRONG_SECRET = 'd3JvbmcgYnV0IGEgc2VjcmV0IGFsbCB0aGUgc2FtZQ==';
const subjects = faultySubjects(inject('servers'), [S3_KEYS.secretAccessKey, AZURE_KEY, WRONG_SECRET]);
const [s3, azure, gcs] = subjects as [FaultySubject, FaultySubject, FaultySubject];

/** Something in the settings, or in the environment, that does not fit the service. */
interface Mistake {
  readonly name: string;
  readonly subject: FaultySubject;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly message: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'S3: a wrong secret key',
    subject: s3,
    env: { AWS_SECRET_ACCESS_KEY: WRONG_SECRET },
    message: /'s3:\/\/site\/.*the secret key does not fit the access key\. Check the credentials/,
  },
  {
    name: 'S3: an access key that is not known',
    subject: s3,
    env: { AWS_ACCESS_KEY_ID: 'nobody' },
    message: /'s3:\/\/site\/.*access key/,
  },
  {
    name: 'S3: no credentials',
    subject: s3,
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    message: /'s3:\/\/site\/.*no credentials were found.*Set AWS_ACCESS_KEY_ID/,
  },
  {
    name: 'S3: a bucket that is not there',
    subject: s3,
    options: { bucket: 'no-such-bucket' },
    message: /there is no bucket 'no-such-bucket'\. Check the options/,
  },
  {
    name: 'S3: another region',
    subject: s3,
    options: { region: 'us-west-2' },
    message: /the bucket is in the region 'eu-central-1'\. Set the option region to that/,
  },
  {
    name: 'Azure: a wrong account key',
    subject: azure,
    env: { AZURE_STORAGE_KEY: WRONG_SECRET },
    message: /key/,
  },
  {
    name: 'Azure: a container that is not there',
    subject: azure,
    options: { container: 'no-such-container' },
    message: /no container 'no-such-container'/,
  },
  {
    name: 'GCS: a bucket that is not there',
    subject: gcs,
    options: { bucket: 'no-such-bucket' },
    message: /no bucket 'no-such-bucket'/,
  },
];

test.each(MISTAKES)('$name', async ({ subject, options, env, message }) => {
  const { service, secrets } = subject;
  const shop = await shopWithNews(subject);
  const entry = service.entry(shop.place);
  shop.publishTo({ ...entry, options: { ...entry.options, ...options } });
  expectRefusal(await publish(shop, { ...service.env, ...env }), message, secrets);
  expect(await liveVersion(service, shop, [1, 2])).toBe(1);
  await expectHealing(subject, shop);
});

describe.each(subjects.map((subject) => ({ ...subject, name: subject.service.name })))('$name', (subject) => {
  const { service, dialect, secrets } = subject;

  test('nobody listens where the service should be', async () => {
    const shop = await shopWithNews(subject);
    const { backend, options } = service.entry(shop.place, await freePort());
    shop.publishTo({ backend, options: { ...options, ...dialect.impatient } });
    expectRefusal(await publish(shop, service.env), /network|refused|connect/i, secrets);
    expect(await liveVersion(service, shop, [1, 2])).toBe(1);
    await expectHealing(subject, shop);
  });
});
