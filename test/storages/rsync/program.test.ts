import { expect, it } from 'vitest';
import { explained, RsyncFailure } from '../../../src/storages/rsync/program.js';

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
  [
    1,
    'ERROR: module is read only\nrsync error: syntax or usage error (code 1) at main.c(1201) [Receiver=3.5.0]\nrsync: [sender] read error: Connection reset by peer (104)\n',
    "the module of the rsync daemon does not allow writing. Set 'read only = false' for it in rsyncd.conf (exit code 1). It said: ERROR: module is read only",
  ],
  [
    5,
    "@ERROR: Unknown module 'asets'\nrsync error: error starting client-server protocol (code 5) at main.c(1863) [sender=3.5.0]\n",
    "the rsync daemon has no such module. Check its name in the option hosts (exit code 5). It said: @ERROR: Unknown module 'asets'",
  ],
  [
    5,
    '@ERROR: max connections (4) reached -- try again later\nrsync: [sender] write error: Broken pipe (32)\n',
    'the rsync daemon has as many connections as it allows. Run again later (exit code 5). It said: @ERROR: max connections (4) reached -- try again later',
  ],
  [
    255,
    'rsync: connection unexpectedly closed (1268 bytes received so far) [sender]\nrsync error: unexplained error (code 255) at io.c(285) [sender=3.5.0]\n',
    'the connection broke, or rsync was ended there. Run again: only missing files are sent (exit code 255).',
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

it('returns other errors as they are', () => {
  const error = new Error('other');
  expect(explained(error, HOST)).toBe(error);
});
