import type { CheckMessage } from './message.js';

/** What is wrong with `staticUrl`, and with `mediaUrl` beside it. */
export function checkUrls(
  staticUrl: string | undefined,
  mediaUrl: string | undefined,
  subject: string,
): readonly CheckMessage[] {
  return [
    ...(staticUrl === undefined || isUrlPrefix(staticUrl) ? [] : [notAPrefix(staticUrl, subject)]),
    ...(staticUrl === undefined || mediaUrl === undefined || withSlash(mediaUrl) !== withSlash(staticUrl)
      ? []
      : [{ code: 'E011', message: 'The mediaUrl setting must differ from the staticUrl setting.' }]),
  ];
}

/** Whether it ends in `/` and is an absolute path, or a URL with a host, without query or fragment. */
function isUrlPrefix(url: string): boolean {
  if (!url.endsWith('/') || /[\s?#\\]/.test(url)) return false;
  if (/^\/(?!\/)/.test(url)) return true;
  return /^(https?:)?\/\/[^/]+\//i.test(url) && URL.canParse(url, 'https://host.invalid');
}

function notAPrefix(url: string, subject: string): CheckMessage {
  const form = "a path such as '/static/' or a full URL such as 'https://cdn.example.com/static/'";
  const message = `${subject} must be ${form}, and end in a slash; it is '${url}'.`;
  const candidates = url.includes('://') ? [`${url}/`] : [`${url}/`, `/${url}`, `/${url}/`];
  const repaired = candidates.find(isUrlPrefix);
  return { code: 'E010', message, ...(repaired === undefined ? {} : { hint: `Write '${repaired}'.` }) };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

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
