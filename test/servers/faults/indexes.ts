import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { rawClient, S3_BUCKET } from '../services/s3.js';
import type { Service } from '../services/service.js';
import { expectHealing, type Scenario, shopWithNews } from './scenario.js';
import { expectPublished, publish, publishedPaths, type Shop } from './shop.js';
import type { FaultySubject } from './subjects.js';

const INDEX = '.staticfiles-index.json';
const HEAD = '.staticfiles-head.json';
const HEALED = 'is published; the index is right again';

/** What may have happened to an index since it was written. */
const DAMAGES: Readonly<Record<string, (text: string) => string>> = {
  'cut in the middle': (text) => text.slice(0, text.length / 2),
  empty: () => '',
  'not JSON': () => '<html>maintenance</html>',
  'JSON of something else': () => '[1, 2, 3]',
  'of a future version': (text) => JSON.stringify({ ...JSON.parse(text), version: '9.0', objects: [] }),
  'of another destination': (text) => text.replace('s3://', 's3://elsewhere-'),
  'of an older format': (text) => JSON.stringify({ ...JSON.parse(text), version: '1.0', open: false }),
};

export function indexScenarios({ service, port }: FaultySubject): readonly Scenario[] {
  const bucket: Bucket = { service, port };
  const section = 'In the index object';
  const damaged = Object.entries(DAMAGES).map(([fault, damage]) => ({
    section,
    fault: `The index is ${fault}`,
    service,
    run: () => withDamage(bucket, damage),
  }));
  return [
    ...damaged,
    {
      section,
      fault: 'The index of an earlier run is there again',
      service,
      run: () => withStale(bucket),
    },
    {
      section,
      fault: 'Somebody has replaced a file, and the run has `--checksum`',
      service,
      run: () => withReplaced(bucket),
    },
  ];
}

interface Bucket {
  readonly service: Service;
  readonly port: number;
}

async function put({ port }: Bucket, { destination }: Shop, publicPath: string, text: string): Promise<void> {
  const object = {
    Bucket: S3_BUCKET,
    Key: `${destination}/${publicPath}`,
    Body: text,
    ContentType: 'text/plain',
  };
  await rawClient(port).send(new PutObjectCommand(object));
}

async function indexOf({ service }: Bucket, { destination }: Shop): Promise<string> {
  return (await service.visit(destination, INDEX))!.bytes.toString();
}

async function withDamage(bucket: Bucket, damage: (text: string) => string): Promise<string> {
  const shop = await shopWithNews(bucket.service);
  const text = await indexOf(bucket, shop);
  expect(damage(text)).not.toBe(text);
  await put(bucket, shop, INDEX, damage(text));
  await expectHealing(bucket.service, shop);
  await expectRightIndex(bucket, shop, [2]);
  return HEALED;
}

/** A run that changes nothing reads only the head, so the next change is the first to read the index. */
async function withStale(bucket: Bucket): Promise<string> {
  const shop = await shopWithNews(bucket.service);
  const stale = await indexOf(bucket, shop);
  await expectHealing(bucket.service, shop);
  await put(bucket, shop, INDEX, stale);
  shop.edit(3);
  expect(await publish(shop, bucket.service.env)).toMatchObject({ exit: 0 });
  await expectPublished(bucket.service, shop, 3, [1, 2]);
  await expectRightIndex(bucket, shop, [1, 3]);
  return HEALED;
}

async function withReplaced(bucket: Bucket): Promise<string> {
  const { service } = bucket;
  const shop = await shopWithNews(service);
  shop.edit(1);
  await put(bucket, shop, 'robots.txt', 'somebody else');
  expect(await publish(shop, service.env, ['--checksum'])).toMatchObject({ exit: 0, stderr: '' });
  await expectPublished(service, shop, 1, []);
  return 'is published, and the file is right again';
}

/** Checks that the head names the index, and that this has exactly the files of these versions. No run knows whose others are. */
async function expectRightIndex(bucket: Bucket, shop: Shop, versions: readonly number[]): Promise<void> {
  const head = JSON.parse((await bucket.service.visit(shop.destination, HEAD))!.bytes.toString());
  const known = Object.keys(JSON.parse(await indexOf(bucket, shop)).objects);
  expect(new Set(known)).toEqual(await publishedPaths(versions));
  expect(head).toMatchObject({ state: 'free', lost: null, index: await indexVersion(bucket, shop) });
}

async function indexVersion({ port }: Bucket, { destination }: Shop): Promise<string | undefined> {
  const key = { Bucket: S3_BUCKET, Key: `${destination}/${INDEX}` };
  return (await rawClient(port).send(new HeadObjectCommand(key))).ETag?.replaceAll('"', '');
}
