import { expect, test } from 'vitest';
import { joinVary } from '../../../src/serve/http/vary.js';

test.each([
  [['Origin', 'Accept-Encoding'], 'Origin, Accept-Encoding'],
  [['Accept-Encoding', 'accept-encoding'], 'Accept-Encoding'],
  [['Origin, Cookie', undefined, 'cookie,  Accept-Encoding'], 'Origin, Cookie, Accept-Encoding'],
  [['Origin', '*'], '*'],
  [['', undefined], undefined],
])('%j are joined to %j', (values, joined) => {
  expect(joinVary(...values)).toBe(joined);
});
