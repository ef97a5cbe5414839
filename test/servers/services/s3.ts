import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { S3_KEYS, S3_REGION, VERSITYGW_VERSION } from '../start/s3.js';
import { type Service, urlPath, visitUrl } from './service.js';

export const S3_BUCKET = 'site';

/** A bucket of the S3 server that is public for reading. */
export function s3Service(port: number): Service {
  const url = (destination: string) => `http://127.0.0.1:${port}/${S3_BUCKET}/${destination}/`;
  return {
    name: `S3: versitygw ${VERSITYGW_VERSION}`,
    entry: (destination, through = port) => ({
      backend: 's3',
      options: {
        bucket: S3_BUCKET,
        prefix: destination,
        region: S3_REGION,
        endpoint: `http://127.0.0.1:${through}`,
        forcePathStyle: true,
      },
    }),
    manyFiles: 2100, // pages of 1000
    env: { AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey },
    url,
    visit: (destination, publicPath) => visitUrl(url(destination) + urlPath(publicPath)),
    async paths(destination) {
      const keys: string[] = [];
      const pages = paginateListObjectsV2(
        { client: rawClient(port) },
        { Bucket: S3_BUCKET, Prefix: `${destination}/` },
      );
      for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => Key!));
      return keys.map((key) => key.slice(destination.length + 1)).sort();
    },
  };
}

/** Makes the bucket. */
export async function prepareS3(port: number): Promise<void> {
  const client = rawClient(port);
  await client.send(new CreateBucketCommand({ Bucket: S3_BUCKET }));
  const readable = {
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: [`arn:aws:s3:::${S3_BUCKET}/*`],
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [readable] });
  await client.send(new PutBucketPolicyCommand({ Bucket: S3_BUCKET, Policy: policy }));
}

/** Returns a plain client of the SDK. */
export function rawClient(port: number, credentials = S3_KEYS): S3Client {
  return new S3Client({
    region: S3_REGION,
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    credentials,
  });
}
