import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { finished, start } from '../support/command.js';
import { expectPublished, liveVersion, newShop, publish, QUIET } from './faults/shop.js';
import { allServices } from './services/all-services.js';

/** How often a run is killed; S3 more than others, as all services of objects are written to in the same way. */
const KILLS = { s3: 30, others: 5 };

const [, s3, ...others] = allServices(inject('servers'));
const subjects = [
  { name: s3!.name, service: s3!, kills: KILLS.s3 },
  ...others.map((service) => ({ name: service.name, service, kills: KILLS.others })),
];

describe.each(subjects)('$name', ({ service, kills }) => {
  test(`after each of ${kills} kills the live manifest is whole, and the next run finishes`, {
    timeout: 600_000,
  }, async () => {
    const shop = newShop();
    shop.publishTo(service.entry(shop.place));
    expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
    shop.edit(2);
    const begun = performance.now();
    expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
    const whole = performance.now() - begun;

    let killed = 0;
    const earlier = [1];
    for (let version = 3; version < 3 + kills; version++) {
      const live = version - 1;
      earlier.push(live);
      shop.edit(version);
      const child = start(shop.project, 'collectstatic', ['--noinput'], {
        env: { ...QUIET, ...service.env },
      });
      const result = finished(shop.project, child);
      await sleep(Math.random() * whole);
      child.kill('SIGKILL');
      if ((await result).signal === 'SIGKILL') killed += 1;
      expect([live, version]).toContain(await liveVersion(service, shop, [live, version]));
      expect(await publish(shop, service.env)).toMatchObject({ exit: 0, stderr: '' });
      await expectPublished(service, shop, version, earlier);
    }
    expect(killed).toBeGreaterThan(0);
  });
});
