import os from 'node:os';

/** The user's home folder; `undefined` for a user whom the system does not know, as in some containers. */
export function homeFolder(): string | undefined {
  try {
    return os.homedir();
  } catch {
    return undefined;
  }
}
