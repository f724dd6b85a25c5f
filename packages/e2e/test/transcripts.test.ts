import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { Cluster } from '../src/cluster/cluster.js';
import { transcriptsFolder } from '../src/places.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { Operator } from '../src/transcript/operator.js';
import { parseTranscript } from '../src/transcript/parse.js';
import { playTranscript } from '../src/transcript/play.js';

const sheets = readdirSync(transcriptsFolder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => ({ file, sheet: parseTranscript(readFileSync(join(transcriptsFolder, file), 'utf8')) }));

interface Stage {
  readonly run: Run;
  readonly cluster: Promise<Cluster>;
}

const stages = new Map<number, Stage>();
/** They end while the next ones play; what they leave behind is told at the end of all. */
const ends: Promise<void>[] = [];

/** Every sheet is played on fresh data. The next cluster comes up meanwhile, with watchdogs where somebody dies. */
function stage(index: number): Stage {
  const known = stages.get(index);
  if (known !== undefined) return known;
  const run = new Run('transcript');
  const does = (act: RegExp): boolean => sheets[index]?.sheet.acts.some((done) => act.test(done)) ?? true;
  const options = { masters: 2, guarded: does(/^(kill|terminate|freeze) /), patient: !does(/^freeze /) };
  const made = { run, cluster: Cluster.start(run, options) };
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

describe('The transcript', () => {
  for (const [index, { file, sheet }] of sheets.entries()) {
    let cluster: Cluster | undefined;
    scenario(
      `${file}: ${sheet.title}`,
      async () => {
        const { run, cluster: starting } = stage(index);
        cluster = await starting;
        if (index + 1 < sheets.length) stage(index + 1);
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
