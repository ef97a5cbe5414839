// server.mjs FOLDER: serves a project's files with all that can be served, on a free port, which it prints.
import http from 'node:http';
import path from 'node:path';
import { serve } from '../../../dist/serve/index.js';

const [, , folder] = process.argv;
const statics = await serve({
  manifest: path.join(folder, 'root/staticfiles.json'),
  rootDir: path.join(folder, 'top'),
  indexFile: 'index.html',
  cacheSize: 20_000,
  env: {},
});
const server = http.createServer(statics);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
