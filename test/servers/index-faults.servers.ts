import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, inject, test } from 'vitest';
import { expectHealing, shopWithNews } from './faults/scenario.js';
import { expectPublished, publish, type Shop } from './faults/shop.js';
import { rawClient, S3_BUCKET, s3Service } from './services/s3.js';

const port = inject('servers').s3;
const service = s3Service(port);
const client = rawClient(port);
const INDEX = '.staticfiles-index.json';

async function put(shop: Shop, publicPath: string, text: string): Promise<void> {
  const Key = `${shop.place}/${publicPath}`;
  await client.send(new PutObjectCommand({ Bucket: S3_BUCKET, Key, Body: text, ContentType: 'text/plain' }));
}

async function indexOf({ place }: Shop): Promise<string> {
  return (await service.visit(place, INDEX))!.bytes.toString();
}

/** What may have become of an index since it was written. */
const DAMAGES: Readonly<Record<string, (text: string) => string>> = {
  'cut in its middle': (text) => text.slice(0, text.length / 2),
  empty: () => '',
  'no JSON': () => '<html>maintenance</html>',
  'JSON of something else': () => '[1, 2, 3]',
  'of a version to come': (text) => JSON.stringify({ ...JSON.parse(text), version: '9.0', objects: [] }),
  'of another place': (text) => text.replace('s3://', 's3://elsewhere-'),
  'marked as open by a run that died': (text) => JSON.stringify({ ...JSON.parse(text), open: true }),
};

test.each(Object.entries(DAMAGES))('an index that is %s', async (_, damage) => {
  const shop = await shopWithNews({ service });
  const text = await indexOf(shop);
  expect(damage(text)).not.toBe(text);
  await put(shop, INDEX, damage(text));
  await expectHealing({ service }, shop);
  const healed = JSON.parse(await indexOf(shop));
  expect(healed.open).toBe(false);
});

test('an index that tells of files that somebody has deleted or replaced: --checksum finds out', async () => {
  const shop = await shopWithNews({ service });
  shop.edit(1);
  await put(shop, 'robots.txt', 'somebody else');
  const { exit } = await publish(shop, service.env, ['--checksum']);
  expect(exit).toBe(0);
  await expectPublished(service, shop, 1, []);
});

test('an index that an earlier run wrote, put back over the one of a later run', async () => {
  const shop = await shopWithNews({ service });
  const stale = await indexOf(shop);
  await publish(shop, service.env);
  await put(shop, INDEX, stale);
  await expectHealing({ service }, shop);
});
