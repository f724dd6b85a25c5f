import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { transcriptsFolder } from '../src/places.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { Operator } from '../src/transcript/operator.js';
import { parseTranscript } from '../src/transcript/parse.js';
import { playTranscript } from '../src/transcript/play.js';
import { sheetOf } from '../src/transcript/residents.js';

const sheets = readdirSync(transcriptsFolder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => ({ file, sheet: parseTranscript(readFileSync(join(transcriptsFolder, file), 'utf8')) }));
/** Those without an operator first: on fresh data, and before anybody was killed. */
const inOrder = [
  ...sheets.filter(({ sheet }) => sheet.acts.length === 0),
  ...sheets.filter(({ sheet }) => sheet.acts.length > 0),
];

const run = new Run('transcripts');
let cluster: Cluster;

forAll(run, { masters: 2, patient: true }, (started) => {
  cluster = started;
});

describe('The transcript', () => {
  // One cluster for all: each has people of its own, and where everybody is listed those of the earlier ones are, too.
  for (const [index, { file, sheet }] of inOrder.entries())
    scenario(
      `${file}: ${sheet.title}`,
      async () => {
        await cluster.untilRedundant();
        const earlier = inOrder.slice(0, index).map((one) => one.sheet);
        await playTranscript(run, sheetOf(sheet, earlier), new Operator(cluster));
      },
      60_000,
      () => cluster,
    );
});
