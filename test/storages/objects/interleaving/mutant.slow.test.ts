import { expect, it } from 'vitest';
import { play, playAll } from './explore.js';
import { expectWhole, SCENES, withThreeReleases } from './scenes.js';
import { seeded } from './seeded.js';

const [version, scene, mishap, run] = process.env.MUTANT!.split('|');
it('x', { timeout: 1_000_000 }, async () => {
  const before = await withThreeReleases({ version: version as 'write' });
  let first = '';
  let count = 0;
  let bad = 0;
  const judge = async (o: any) => {
    count++;
    try {
      await expectWhole(o);
    } catch (e) {
      bad++;
      first ||= String(e).slice(0, 300);
      if (bad > 3) throw new Error('enough');
    }
  };
  try {
    await playAll(
      before,
      { runs: SCENES[scene!]!, ...(mishap ? { [mishap]: run } : {}) },
      { switches: 1, judge },
    );
  } catch (e) {
    first += String(e).slice(0, 200);
  }
  process.stdout.write(
    `MUTANT ${process.env.NAME} ${process.env.MUTANT}: ${count} played, ${bad} bad: ${first.split('\n')[0]}\n`,
  );
  expect(1).toBe(1);
});
