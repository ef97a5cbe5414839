import { describe, expect, it } from 'vitest';
import { play, playAll } from './explore.js';
import { expectWhole, IGNORING, SCENES, SERVICES, withThreeReleases } from './scenes.js';
import { seeded } from './seeded.js';

const scenes = Object.entries(SCENES);

describe.each(SERVICES)('if the service %s', (_, behaviour) => {
  it.each(scenes)('%s leave everything complete, wherever one stops for the other', async (_name, runs) => {
    const before = await withThreeReleases(behaviour);
    const count = await playAll(before, { runs }, { switches: 1, judge: expectWhole });
    expect(count).toBeGreaterThan(15);
  });

  const mishaps = scenes.flatMap(([name, runs]) =>
    Object.keys(runs).flatMap((run) => [
      [name, runs, { kill: run }] as const,
      [name, runs, { freeze: run }] as const,
    ]),
  );

  it.each(mishaps)(
    '%s leave everything complete, even if one dies or is frozen (%#)',
    async (_name, runs, mishap) => {
      const before = await withThreeReleases(behaviour);
      for (let seed = 1; seed <= 4; seed++)
        await expectWhole(await play(before(), { runs, ...mishap }, seeded(seed)));
    },
  );
});

describe('if the service ignores conditions', () => {
  it.each(scenes)(
    '%s leave everything complete, if no write takes as long as a run waits',
    async (_name, runs) => {
      const before = await withThreeReleases(IGNORING);
      for (let seed = 1; seed <= 6; seed++) await expectWhole(await play(before(), { runs }, seeded(seed)));
    },
  );
});
