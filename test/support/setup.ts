import { afterAll } from 'vitest';
import { endFile } from './after-file.js';

// Vitest runs this module again for each test file.
afterAll(endFile);
