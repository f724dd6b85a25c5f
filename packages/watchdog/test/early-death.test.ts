import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock as clock } from '@everline/chassis/clock';
import { identify } from '@everline/chassis/control';
import { expect, it } from '@jest/globals';
import { Child } from '../src/child/child.js';
import type { Run } from '../src/child/run.js';
import { parseRun } from '../src/command-line.js';
import type { Ending } from '../src/policy/ending.js';
import { eventually } from './eventually.js';
import { kill, Stage } from './stage.js';

/** Nobody asks for the child's end, so nobody is told of it, however long one waits: as while the kernel takes the memory of a large one back. */
it('W12: the death of one that is reported is seen before anybody is told of it', async () => {
  await using stage = new Stage();
  const quoted = stage.speaker('--master', 'm-1').map((word) => `'${word}'`);
  const parent = spawn('sh', ['-c', `${quoted.join(' ')} & echo $!; exec sleep 1000`], {
    cwd: stage.dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const identity = identify(Number(String(line)), 'i');
  if (identity === undefined) throw new Error(`${line} is not there`);
  const nothing = (): void => undefined;
  let end: (ending: Ending) => void = nothing;
  const run: Run = {
    ...{ adopted: false, identity, leader: identity, linked: nothing, unlinked: nothing },
    onEnded: (ended) => {
      end = ended;
    },
  };
  const flags = ['--child-data', stage.childData, '--report-to', '127.0.0.1:1'];
  const { settings } = parseRun([...flags, '--', 'true'], stage.data);
  const seen: Ending[] = [];
  const child = new Child(run, settings, clock, {
    ...{ onChange: nothing, onHung: nothing },
    onEnded: (_, ending) => void seen.push(ending),
  });
  try {
    await eventually('it says who it is', () => child.facts.masterId === 'm-1');
    expect(seen).toEqual([]);
    kill(identity.pid, 'SIGKILL');
    await eventually('its death is seen', () => seen.length > 0);
  } finally {
    end({ kind: 'gone' });
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }
  await child.ending;
  // Once, whoever says it later.
  expect(seen).toEqual([{ kind: 'signal', signal: 'SIGKILL' }]);
}, 60_000);
