import { describe, expect, it } from 'vitest';
import type { StaticFilesError } from '../../src/errors.js';
import { formatProblems, throwOnErrors } from '../../src/settings/problems.js';

const error = {
  code: 'E006',
  key: 'staticRot',
  message: 'unknown setting.',
  hint: "Did you mean 'staticRoot'?",
};

const warning = { code: 'W004', key: 'staticfilesDirs[0]', message: "the folder '/x' does not exist." };

const source = { file: '/srv/app/staticfiles.config.json', fileLabel: 'staticfiles.config.json' };

describe('formatProblems', () => {
  it('names the file, the key, what is wrong, what to do, and the code, in this order', () => {
    expect(formatProblems([error], source)).toBe(
      "staticfiles.config.json: staticRot: unknown setting. Did you mean 'staticRoot'? (staticfiles.E006)",
    );
  });

  it('lists several problems below a heading that counts them', () => {
    expect(formatProblems([error, warning], source)).toBe(
      [
        'The settings have 1 error and 1 warning:',
        "  staticfiles.config.json: staticRot: unknown setting. Did you mean 'staticRoot'? (staticfiles.E006)",
        "  staticfiles.config.json: staticfilesDirs[0]: the folder '/x' does not exist. (staticfiles.W004)",
      ].join('\n'),
    );
  });

  it('names only the key if the settings are an object', () => {
    expect(formatProblems([warning], {})).toMatch(/^staticfilesDirs\[0\]: the folder/);
  });

  it('names the origin of a value that is not from the file', () => {
    const problem = { code: 'E010', key: 'staticUrl', message: 'is invalid.' };
    const origins = { staticUrl: 'STATIC_URL' };
    expect(formatProblems([problem], { ...source, origins })).toBe(
      'STATIC_URL: is invalid. (staticfiles.E010)',
    );
  });

  it('shows no number for a warning that has a name', () => {
    const problem = { code: 'no-app-matches', key: 'installedApps[0]', message: 'no folder matches.' };
    expect(formatProblems([problem], {})).toBe('installedApps[0]: no folder matches.');
  });
});

describe('throwOnErrors', () => {
  it('accepts warnings', () => {
    expect(() => throwOnErrors([warning], source)).not.toThrow();
  });

  it('throws errors before warnings, with the file of each in the details', () => {
    expect(() => throwOnErrors([warning, error], source)).toThrow(
      expect.objectContaining({
        code: 'settings',
        message: formatProblems([error, warning], source),
        details: { problems: [error, warning].map((each) => ({ ...each, file: source.file })) },
      } satisfies Partial<StaticFilesError>),
    );
  });

  it('gives no file for a value that is not from it', () => {
    const problem = { code: 'E010', key: 'staticUrl', message: 'is invalid.' };
    expect(() => throwOnErrors([problem], { ...source, origins: { staticUrl: 'STATIC_URL' } })).toThrow(
      expect.objectContaining({ details: { problems: [problem] } }),
    );
  });
});
