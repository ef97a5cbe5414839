import { expect, it } from 'vitest';
import { explained } from '../../../src/storages/rsync/failure.js';
import { RsyncFailure } from '../../../src/storages/rsync/program.js';

const HOST = 'deploy@web1:/srv/static/';

it.each([
  [
    255,
    'Host key verification failed.\nrsync: connection unexpectedly closed (0 bytes received so far) [sender]\nrsync error: unexplained error (code 255) at io.c(285) [sender=3.5.0]\n',
    'ssh failed. Check the name of the host, the key, and that the host is in known_hosts; ssh cannot ask here (exit code 255). It said: Host key verification failed.',
  ],
  [
    23,
    'rsync: [receiver] mkstemp "/srv/static/.a.css.x1" failed: Permission denied (13)\nrsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [sender=3.5.0]\n',
    'some files cannot be written or read there. Check their permissions (exit code 23). It said: rsync: [receiver] mkstemp "/srv/static/.a.css.x1" failed: Permission denied (13)',
  ],
  [
    127,
    'rsync error: remote command not found (code 127) at io.c(285) [sender=3.5.0]\n',
    'rsync is not installed there (exit code 127).',
  ],
  [99, '', 'rsync failed (exit code 99).'],
  [undefined, '', 'rsync failed (it was killed).'],
])('says what exit code %s means, and what rsync said', (exitCode, stderr, text) => {
  const failure = new RsyncFailure(exitCode, stderr);
  expect(explained(failure, HOST)).toMatchObject({
    code: 'target',
    message: `'${HOST}': ${text}`,
    cause: failure,
  });
});

it('leaves what is none of rsync’s', () => {
  const error = new Error('other');
  expect(explained(error, HOST)).toBe(error);
});
