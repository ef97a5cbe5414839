import fs from 'node:fs';
import path from 'node:path';
import { npmProgram } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

const S3RVER_VERSION = '3.7.1';
const S3RVER_BUCKET = 'site';
/** The keys that it accepts. */
export const S3RVER_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** https://github.com/jamhall/s3rver: it accepts conditional writes, and ignores the conditions. */
export async function startS3rver(folder: string): Promise<ServerProcess> {
  const entry = npmProgram('s3rver', S3RVER_VERSION, 'bin/s3rver.js');
  const port = await freePort();
  const data = path.join(folder, 'data');
  fs.mkdirSync(data, { recursive: true });
  const argv = [
    ['-d', data, '-a', '127.0.0.1', '-p', `${port}`, '--silent'],
    ['--configure-bucket', S3RVER_BUCKET],
  ].flat();
  return startServer({ name: 's3rver', command: process.execPath, argv: [entry, ...argv], port, folder });
}
