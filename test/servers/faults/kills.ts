import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { finished, start } from '../../support/command.js';
import type { Service } from '../services/service.js';
import { expectSuccess, type Scenario } from './scenario.js';
import { expectPublished, liveVersion, newShop, publish, QUIET, type Shop } from './shop.js';

/** At a service, the run after a kill waits for half a minute. So there are fewer kills. */
const killsOf = ({ entry }: Service) => (entry('any').backend === 'rsync' ? 5 : 3);

export function killScenarios(services: readonly Service[]): readonly Scenario[] {
  return services.map((service) => ({
    section: 'A run is killed',
    fault: `SIGKILL at ${killsOf(service)} random moments`,
    service,
    run: () => killRuns(service, killsOf(service)),
  }));
}

async function killRuns(service: Service, kills: number): Promise<string> {
  const shop = newShop();
  shop.publishTo(service.entry(shop.destination));
  await published(service, shop);
  const begun = performance.now();
  shop.edit(2);
  await published(service, shop);
  const whole = performance.now() - begun;

  let killed = 0;
  const earlier = [1];
  for (let kill = 0; kill < kills; kill++) {
    const version = 3 + kill;
    earlier.push(version - 1);
    shop.edit(version);
    // One moment in each part of the run, so that the first is early also if the machine has more time than before.
    if (await isKilled(service, shop, ((kill + Math.random()) / kills) * whole)) killed += 1;
    await liveVersion(service, shop, [version - 1, version]);
    expect(await publish(shop, service.env)).toMatchObject({ exit: 0 });
    await expectPublished(service, shop, version, earlier);
  }
  expect(killed).toBeGreaterThan(0);
  return 'each time the live manifest is complete, and the next run finishes';
}

async function published(service: Service, shop: Shop): Promise<void> {
  expectSuccess(await publish(shop, service.env));
}

/** Whether a run was killed before it was done. */
async function isKilled({ env }: Service, { project }: Shop, after: number): Promise<boolean> {
  const child = start(project, 'collectstatic', ['--noinput'], { env: { ...QUIET, ...env } });
  const result = finished(project, child);
  await sleep(after);
  child.kill('SIGKILL');
  return (await result).signal === 'SIGKILL';
}
