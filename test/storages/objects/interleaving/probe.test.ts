import { test } from 'vitest';
import { type MemoryStore, memoryStore } from '../../../support/memory-store.js';
import { playAll, type Scene } from './explore.js';
import { activate, deploy, prune } from './runs.js';
import { wrongAt } from './whole.js';
import { World } from './world.js';

async function alone(world: World, name: string, cmd: any) {
  const a = await world.run(name, cmd);
  while (!a.ending) {
    if (world.ready.includes(a)) await world.step(a);
    else if (!(await world.passTime())) throw new Error('stuck');
  }
  return a.ending;
}
async function prepared(behaviour: any) {
  const store = memoryStore({}, behaviour);
  const world = new World(store);
  await alone(world, 'v1', deploy('red', 'v1'));
  await alone(world, 'v2', deploy('green', 'v2'));
  await alone(world, 'v3', deploy('black', 'v3'));
  return () => {
    const s = memoryStore({}, behaviour);
    for (const [k, v] of store.objects) s.objects.set(k, v);
    return s;
  };
}
const scenes: [string, Scene][] = [
  ['deploy/prune', { runs: { deploy: deploy('red', 'v4'), prune: prune() } }],
  ['deploy/deploy', { runs: { a: deploy('red', 'v4'), b: deploy('green', 'v5') } }],
  ['activate/prune', { runs: { activate: activate('v1'), prune: prune() } }],
  ['deploy/prune kill prune', { runs: { deploy: deploy('red', 'v4'), prune: prune() }, kill: 'prune' }],
  ['deploy/prune kill deploy', { runs: { deploy: deploy('red', 'v4'), prune: prune() }, kill: 'deploy' }],
  ['deploy/prune freeze prune', { runs: { deploy: deploy('red', 'v4'), prune: prune() }, freeze: 'prune' }],
  ['deploy/prune freeze deploy', { runs: { deploy: deploy('red', 'v4'), prune: prune() }, freeze: 'deploy' }],
  [
    'activate/prune freeze activate',
    { runs: { activate: activate('v1'), prune: prune() }, freeze: 'activate' },
  ],
  ['activate/prune freeze prune', { runs: { activate: activate('v1'), prune: prune() }, freeze: 'prune' }],
];
for (const behaviour of [{ version: 'bytes' }] as const)
  test.each(scenes.filter(([n]) => n.includes('freeze prune')))(
    `${behaviour.version} %s`,
    async (name, scene) => {
      const before = await prepared(behaviour);
      const t = performance.now();
      let bad = 0;
      const failed: Record<string, number> = {};
      const n = await playAll(before, scene, {
        switches: 1,
        async judge(o) {
          const errs = [...o.actors].filter(([, a]) => a.ending && 'error' in a.ending);
          for (const [n, a] of errs) {
            const k = `${n}: ${(a.ending as any).error.code ?? (a.ending as any).error.stack}: ${String((a.ending as any).error.message).slice(0, 100)}`;
            failed[k] = (failed[k] ?? 0) + 1;
          }
          const stuck = [...o.actors].filter(([, a]) => !a.ending && !a.isDead).map(([n]) => n);
          if (stuck.length) failed[`stuck ${stuck}`] = (failed[`stuck ${stuck}`] ?? 0) + 1;
          if (o.wrong.length > 0 && bad++ < 1)
            console.log(name, behaviour, o.wrong.slice(0, 3), '\n' + o.log.join('\n'));
          const w = o.world.store;
          const world2 = new World(w as any);
          world2.now = o.world.now + 40_000;
          const e = await alone(world2, 'mend', deploy('blue', 'v9'));
          const left = wrongAt(w as any);
          if ('error' in e || left.length)
            failed[`mend ${JSON.stringify(left)} ${'error' in e ? (e.error as any).stack : ''}`] =
              (failed[`mend ${left}`] ?? 0) + 1;
        },
      });
      console.log(
        behaviour.version,
        name,
        n,
        'played',
        bad,
        'bad',
        failed,
        Math.round(performance.now() - t),
        'ms',
      );
    },
    600000,
  );
