import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Cluster } from '../src/cluster/cluster.js';
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

describe('The transcript, on fresh data', () => {
  const fresh = sheets.filter(({ sheet }) => sheet.acts.length === 0);
  const stages = new Map<number, { readonly run: Run; readonly cluster: Promise<Cluster> }>();
  /** They end while the next ones play; what they leave behind is told at the end of all. */
  const ends: Promise<void>[] = [];

  /** The next cluster comes up meanwhile. Nobody dies, so nobody is watched. */
  function stage(index: number): { readonly run: Run; readonly cluster: Promise<Cluster> } {
    const known = stages.get(index);
    if (known !== undefined) return known;
    const run = new Run('transcript');
    const made = { run, cluster: Cluster.start(run, { masters: 2, guarded: false, patient: true }) };
    made.cluster.catch(() => {});
    stages.set(index, made);
    return made;
  }

  afterAll(async () => {
    for (const { run, cluster } of stages.values()) {
      await cluster.then((started) => started.close()).catch(() => {});
      ends.push(run.end());
    }
    await Promise.all(ends);
  }, 60_000);

  for (const [index, { file, sheet }] of fresh.entries()) {
    let cluster: Cluster | undefined;
    scenario(
      `${file}: ${sheet.title}`,
      async () => {
        const { run, cluster: starting } = stage(index);
        cluster = await starting;
        if (index + 1 < fresh.length) stage(index + 1);
        await playTranscript(run, sheet, new Operator(cluster));
        cluster.close();
        stages.delete(index);
        const end = run.end();
        end.catch(() => {});
        ends.push(end);
      },
      60_000,
      () => cluster,
    );
  }
});

describe('The transcript, with an operator', () => {
  const operated = sheets.filter(({ sheet }) => sheet.acts.length > 0);
  const run = new Run('transcripts');
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start(run, { masters: 2, patient: true });
  }, 90_000);

  afterAll(async () => {
    cluster?.close();
    await run.end();
  }, 60_000);

  // One cluster for all of them: each has people of its own, and where everybody is listed those of the earlier ones are, too.
  for (const [index, { file, sheet }] of operated.entries())
    scenario(
      `${file}: ${sheet.title}`,
      async () => {
        await cluster.untilRedundant();
        const earlier = operated.slice(0, index).map((one) => one.sheet);
        await playTranscript(run, sheetOf(sheet, earlier), new Operator(cluster));
      },
      60_000,
      () => cluster,
    );
});
