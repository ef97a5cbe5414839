// What a first publish to S3 cannot do without, in Node.js: each file is read, hashed and sent in one signed request.
// usage: node bare-put.js FOLDER ENDPOINT BUCKET PREFIX CONCURRENCY     credentials and region: AWS_…
import { createHmac, hash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const [folder, endpoint, bucket, prefix, concurrency] = process.argv.slice(2);
const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: region } = process.env;
const { hostname, port, host } = new URL(endpoint);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(concurrency) });
const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const key = scope.split('/').reduce(hmac, `AWS4${secret}`);
const NAMES =
  'content-length;content-type;host;if-none-match;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date';

function signedHeaders(target, bytes) {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  const headers = {
    'content-length': String(bytes.length),
    'content-type': 'image/svg+xml',
    host,
    'if-none-match': '*',
    'x-amz-checksum-crc32': sum.toString('base64'),
    'x-amz-content-sha256': hash('sha256', bytes, 'hex'),
    'x-amz-date': date,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `PUT\n${target}\n\n${lines.join('')}\n${NAMES}\n${headers['x-amz-content-sha256']}`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  const signature = hmac(key, text).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${NAMES}, Signature=${signature}`;
  headers['cache-control'] = 'public, max-age=60';
  return headers;
}

function put(name) {
  const bytes = fs.readFileSync(path.join(folder, name));
  hash('sha384', bytes, 'hex'); // for the manifest and the index
  const target = `/${bucket}/${prefix}/${name}`;
  const options = { host: hostname, port, method: 'PUT', path: target, agent };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...options, headers: signedHeaders(target, bytes) }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${target}: ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    request.on('error', reject).end(bytes);
  });
}

const files = fs
  .readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
const lane = async () => {
  for (let name = files.pop(); name !== undefined; name = files.pop()) await put(name);
};
await Promise.all(Array.from({ length: Number(concurrency) }, lane));
