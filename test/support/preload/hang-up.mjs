// Loaded before a command: sends SIGHUP to its own process as soon as it prints a URL.
const { stdout } = process;
const write = stdout.write.bind(stdout);

stdout.write = (chunk, ...rest) => {
  const written = write(chunk, ...rest);
  if (String(chunk).includes('http://')) process.kill(process.pid, 'SIGHUP');
  return written;
};
