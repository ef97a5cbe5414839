import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { BlobServiceClient, RestError, StorageSharedKeyCredential } from '@azure/storage-blob';
import { describe, expect, inject, it } from 'vitest';
import { WRONG_SECRET } from './faults/subjects.js';
import { rawClient, S3_BUCKET } from './services/s3.js';
import { AZURE_ACCOUNT } from './start/azurite.js';
import { S3_KEYS } from './start/s3.js';

const { s3, azure, gcs } = inject('servers');
const GCS = `http://127.0.0.1:${gcs}`;

// The gaps in docs/storages-faults.md. If one of these tests fails, the server has improved: add the scenario.

/** Begins to send an object in pieces, and returns the address for them. */
async function begin(metadata: object): Promise<string> {
  const url = `${GCS}/upload/storage/v1/b/site/o?uploadType=resumable&name=large.bin`;
  const begun = await fetch(url, { method: 'POST', body: JSON.stringify(metadata) });
  return begun.headers.get('location')!;
}

describe('fake-gcs-server', () => {
  it('does not compare the MD5 of an object that is sent in pieces', async () => {
    const session = await begin({ md5Hash: Buffer.alloc(16).toString('base64') });
    const send = (range: string) =>
      fetch(session, {
        method: 'PUT',
        headers: { 'content-range': range },
        body: 'text',
        redirect: 'manual',
      });
    expect([(await send('bytes 0-3/*')).status, (await send('bytes 4-7/8')).status]).toEqual([308, 200]);
  });

  it('takes the question how much of a large object has arrived for its end', async () => {
    const session = await begin({});
    const sent = { method: 'PUT', headers: { 'content-range': 'bytes 0-3/*' }, body: 'text' };
    expect((await fetch(session, { ...sent, redirect: 'manual' })).status).toBe(308);
    const asked = await fetch(session, { method: 'PUT', headers: { 'content-range': 'bytes */*' } });
    expect(asked.status).toBe(200);
  });

  it('needs no credentials', async () => {
    expect((await fetch(`${GCS}/storage/v1/b/site/o`)).status).toBe(200);
  });
});

describe('azurite', () => {
  it('has one code for a wrong key and for a missing permission', async () => {
    const key = new StorageSharedKeyCredential(AZURE_ACCOUNT, WRONG_SECRET);
    const service = new BlobServiceClient(`http://127.0.0.1:${azure}/${AZURE_ACCOUNT}`, key);
    const refused = await service
      .getContainerClient('new')
      .create()
      .catch((error: RestError) => error);
    expect(refused).toBeInstanceOf(RestError);
    expect((refused as RestError).code).toBe('AuthorizationFailure');
  });
});

describe('versitygw', () => {
  it('has its own code for an unknown access key', async () => {
    const credentials = { ...S3_KEYS, accessKeyId: 'nobody' };
    const client = rawClient(s3, credentials);
    const listed = client.send(new ListObjectsV2Command({ Bucket: S3_BUCKET }));
    await expect(listed).rejects.toMatchObject({ name: 'XAdminUserNotFound' });
  });
});
