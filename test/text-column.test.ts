import { expect, it } from 'vitest';
import { joinTexts, splitTexts } from '../src/files/table.js';

it.each([[[]], [['']], [['', '']], [['a']], [['a', '', 'ü\n😀']]])('gives back %j', (texts) => {
  expect(splitTexts(joinTexts(texts))).toEqual(texts);
});
