import { withoutSecrets } from '../../secrets.js';
import type { Warning } from '../../static-file.js';

/** The codes that Django's checks have. */
const CHECK_CODE = /^W\d{3}$/;

/** Warnings as text, each line with its end: those of the checks as Django prints them, then the others. */
export function warningsText(warnings: readonly Warning[]): string {
  const clean = warnings.map((warning) => ({ ...warning, message: withoutSecrets(warning.message) }));
  const checks = clean.filter(({ code }) => CHECK_CODE.test(code));
  const others = clean.filter(({ code }) => !CHECK_CODE.test(code));
  return checksText(checks) + others.map(({ message }) => `Warning: ${message}\n`).join('');
}

function checksText(checks: readonly Warning[]): string {
  if (checks.length === 0) return '';
  const lines = checks.map(({ code, message }) => `?: (staticfiles.${code}) ${message}\n`);
  return `System check identified some issues:\n\nWARNINGS:\n${lines.join('')}`;
}
