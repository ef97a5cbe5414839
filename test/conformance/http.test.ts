import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { serve } from '../../src/serve/serve.js';
import { TOPICS } from './all-lines.js';
import type { Subject } from './line.js';
import { conformanceSite, subjectAt } from './subject.js';

const server = http.createServer();
let subject: Subject;

beforeAll(async () => {
  const site = await conformanceSite();
  const statics = await serve({ manifest: site.manifest, env: {} });
  server.on('request', statics);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  subject = subjectAt((server.address() as AddressInfo).port, site);
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe.each(Object.entries(TOPICS))('%s', (_, lines) => {
  test.each(lines)('$section: $requirement', ({ check }) => check(subject));
});
