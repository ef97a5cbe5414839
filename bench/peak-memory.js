// Loaded before a measured command: writes its largest resident size, in KiB, as it ends.
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => fs.writeFileSync(process.env.BENCH_PEAK_FILE, String(peakKilobytes())));
}

/** `maxRSS` also counts the parent's pages at the time of the fork; the kernel's VmHWM does not. */
function peakKilobytes() {
  if (!fs.existsSync('/proc/self/status')) return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
}
