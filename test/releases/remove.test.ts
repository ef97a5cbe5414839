import { expect, it, vi } from 'vitest';
import { removeRelease } from '../../src/releases/remove.js';
import { settingsOf, threeReleases } from '../support/releases.js';

it('the storage and the hook are told of the manifest that is deleted', async () => {
  const project = await threeReleases();
  const settings = await settingsOf(project);
  const afterPublish = vi.fn();
  const remove = vi.spyOn(settings.storage, 'remove');
  const commit = vi.spyOn(settings.storage, 'commit');
  await removeRelease({ ...settings, afterPublish }, 'v1');
  const changed = [{ publicPath: 'v1/staticfiles.json', immutable: false }];
  expect(remove).toHaveBeenCalledExactlyOnceWith(
    ['v1/staticfiles.json'],
    expect.objectContaining({ going: ['v1'] }),
  );
  expect(commit).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ changed }));
  expect(afterPublish).toHaveBeenCalledExactlyOnceWith(changed, expect.anything());
});

it('the hook is not called if manifests have a storage of their own', async () => {
  const project = await threeReleases(
    { manifest: { storage: { options: { location: 'private' } } } },
    'private',
  );
  const afterPublish = vi.fn();
  await removeRelease({ ...(await settingsOf(project)), afterPublish }, 'v1');
  expect(afterPublish).not.toHaveBeenCalled();
});

it('a warning of the storage reaches the caller', async () => {
  const project = await threeReleases();
  const settings = await settingsOf(project);
  const { storage } = settings;
  const warning = { code: 'waiting', message: 'Another run is publishing.' };
  const waiting = {
    ...storage,
    lock: vi.fn(async (signal: AbortSignal, options = {}) => {
      options.warn?.(warning);
      return storage.lock!(signal, options);
    }),
  };
  const onWarning = vi.fn();
  await removeRelease({ ...settings, storage: waiting }, 'v1', { onWarning });
  expect(onWarning).toHaveBeenCalledExactlyOnceWith(warning);
  await expect(removeRelease({ ...settings, storage: waiting }, 'v2')).resolves.toMatchObject({ id: 'v2' });
});
