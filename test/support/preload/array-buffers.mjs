// Loaded before a command: at SIGUSR2, writes the bytes of all array buffers of this process to standard error.
import process from 'node:process';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');
process.on('SIGUSR2', async () => {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 50)); // a thread frees what was collected
  collectGarbage();
  process.stderr.write(`array buffers ${process.memoryUsage().arrayBuffers}\n`);
});
