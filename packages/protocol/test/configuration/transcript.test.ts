import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { play } from './play.js';
import { stories, storiesFolder } from './stories.js';

// `REWRITE=1` writes down what happens now, to be read before it is believed.
for (const { file, told } of stories()) {
  test(`the story of ${file.replace('.txt', '').replaceAll('-', ' ')}`, () => {
    const played = play(told);
    if (process.env.REWRITE === '1') writeFileSync(storiesFolder + file, played);
    else expect(played).toBe(told);
  });
}
