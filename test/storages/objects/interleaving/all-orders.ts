import { describe, expect, it } from 'vitest';
import { play, playAll } from './explore.js';
import { activate, deploy, prune } from './runs.js';
import { expectWhole, SCENES, type SERVICES, withThreeReleases } from './scenes.js';
import { seeded } from './seeded.js';

const MINUTES = 60_000;

const mishaps = Object.entries(SCENES).flatMap(([name, runs]) =>
  Object.keys(runs).flatMap((run) => [
    [`${name}, and ${run} dies`, { runs, kill: run }] as const,
    [`${name}, and ${run} is frozen for longer than others wait`, { runs, freeze: run }] as const,
  ]),
);

/** Plays all orders of the requests of two runs at a service. Each service has a file of its own, since files run side by side. */
export function testAllOrders([name, behaviour]: (typeof SERVICES)[number]): void {
  describe(`if the service ${name}`, () => {
    it.each(mishaps)(
      '%s, at every moment: everything stays complete',
      { timeout: 20 * MINUTES },
      async (_name, scene) => {
        const before = await withThreeReleases(behaviour);
        const count = await playAll(before, scene, { switches: 1, judge: expectWhole });
        expect(count).toBeGreaterThan(100);
      },
    );

    it('three runs, one of which dies or is frozen: everything stays complete', {
      timeout: 20 * MINUTES,
    }, async () => {
      const before = await withThreeReleases(behaviour);
      const runs = { deploy: deploy('red', 'v4'), activate: activate('v2'), prune: prune() };
      for (let seed = 1; seed <= 1000; seed++) {
        const one = Object.keys(runs)[seed % 3]!;
        const mishap = seed % 2 === 0 ? { kill: one } : { freeze: one };
        await expectWhole(await play(before(), { runs, ...mishap }, seeded(seed)));
      }
    });
  });
}
