import { describe, expect, it } from 'vitest';
import { formatChecks, throwOnErrors } from '../../../src/settings/checks/message.js';

const error = { code: 'E003', message: "The prefix 'p/' must not end with a slash." };

const warning = { code: 'W004', message: "The directory '/x' does not exist." };

describe('formatChecks', () => {
  it('puts errors before warnings, as Django does', () => {
    expect(formatChecks([warning, error])).toBe(
      [
        'System check identified some issues:',
        '',
        'ERRORS:',
        "?: (staticfiles.E003) The prefix 'p/' must not end with a slash.",
        '',
        'WARNINGS:',
        "?: (staticfiles.W004) The directory '/x' does not exist.",
      ].join('\n'),
    );
  });

  it('leaves out a list that is empty', () => {
    expect(formatChecks([warning])).not.toContain('ERRORS');
    expect(formatChecks([error])).not.toContain('WARNINGS');
  });

  it('puts a hint below its message', () => {
    expect(formatChecks([{ ...error, hint: "Write 'p'." }])).toContain("slash.\n\tHINT: Write 'p'.");
  });
});

describe('throwOnErrors', () => {
  it('lets warnings pass', () => {
    expect(() => throwOnErrors([warning])).not.toThrow();
  });

  it('throws errors and warnings together', () => {
    expect(() => throwOnErrors([warning, error])).toThrow(
      expect.objectContaining({ code: 'settings', message: formatChecks([error, warning]) }),
    );
  });
});
