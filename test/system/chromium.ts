import { type Browser, chromium, type Page } from 'playwright-core';
import { debianProgram, must } from './install.js';

/** Debian's Chromium, installed where it is missing. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = must('which', [debianProgram('chromium')]).trim();
  // Without its sandbox, which the superuser of a container cannot have.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** What a page complains of from now on: in its console, by errors, by requests that fail. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  return complaints;
}
