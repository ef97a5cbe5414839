import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { serve } from '../../src/serve/serve.js';
import { ADAPTERS } from '../serve/support/adapters.js';
import { TOPICS } from './all-lines.js';
import type { Subject } from './line.js';
import { conformanceSite, subjectAt } from './subject.js';

describe.each(Object.entries(ADAPTERS))('%s', (_, start) => {
  const started: { subject?: Subject; stop?: () => void } = {};

  beforeAll(async () => {
    const site = await conformanceSite();
    const statics = await serve({ manifest: site.manifest, env: {} });
    const server = await start(statics);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    started.subject = subjectAt((server.address() as AddressInfo).port, site);
    started.stop = () => {
      server.close();
      server.closeAllConnections();
      statics.close();
    };
  });

  afterAll(() => started.stop?.());

  describe.each(Object.entries(TOPICS))('%s', (_, lines) => {
    test.each(lines)('$section: $requirement', ({ check }) => check(started.subject!));
  });
});
