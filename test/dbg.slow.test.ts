import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { startWorker } from './servers/overlap/workers.js';
import { s3Service } from './servers/services/s3.js';
test('x', { timeout: 100_000 }, async () => {
  const service = s3Service(Number(process.env.PORT));
  const place = `dbg-${process.pid}`;
  const ws = [startWorker('deploy', { service, place }), startWorker('deploy', { service, place }), startWorker('prune', { service, place })];
  await sleep(25_000);
  for (const w of ws) await w.stop();
  const counts = new Map<string, number>();
  for (const w of ws) for (const o of w.outcomes) counts.set(o.slice(0, 400), (counts.get(o.slice(0, 400)) ?? 0) + 1);
  process.stdout.write([...counts].map(([o, n]) => `${n} ${o}`).join('\n') + '\n');
});
