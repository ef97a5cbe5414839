import type { CheckMessage } from './check-message.js';

/**
 * What is wrong with the prefix of a source directory, if anything. It becomes the front of logical paths, and so
 * must be such a path itself: `vendor`, `v/sub`.
 *
 * @param setting - where it stands: `staticfilesDirs`
 */
export function checkPrefix(prefix: string, setting: string): readonly CheckMessage[] {
  if (prefix === '') return [];
  const subject = `The prefix '${prefix}' in the ${setting} setting`;
  if (prefix.endsWith('/')) return [{ code: 'E003', message: `${subject} must not end with a slash.` }];
  if (prefix.startsWith('/')) return [{ code: 'E008', message: `${subject} must not begin with a slash.` }];
  const parts = prefix.split('/');
  if (parts.includes('..')) return [{ code: 'E008', message: `${subject} must not climb with '..'.` }];
  if (parts.includes('') || parts.includes('.')) {
    return [{ code: 'E008', message: `${subject} must not have empty parts or '.' between its slashes.` }];
  }
  if (/[\\\0]/.test(prefix)) {
    return [
      {
        code: 'E008',
        message: `${subject} must not contain a backslash or NUL; write '/' between its parts.`,
      },
    ];
  }
  return [];
}
