import { systemClock } from '@everline/chassis/clock';
import type { ClusterStatus, Post, TimelineEvent } from '@everline/client';
import type { ClusterPlan, RolePlan } from '../cluster/plan.js';
import type { Context } from '../context.js';
import type { DemoResult } from '../demo/run.js';
import { duration } from './duration.js';
import { postLine, postValue } from './post.js';

type Resumed = Extract<TimelineEvent, { kind: 'resumed' }>;
type Screen = Pick<Context, 'data' | 'style' | 'terminal'>;

/** Of alice, the longer one. */
const authorColumns = 5;

/** The demo, told as it happens: a story for people, an event a line for programs. */
export class DemoStory {
  private readonly screen: Screen;

  constructor(screen: Screen) {
    this.screen = screen;
  }

  begin(): void {
    const { data, style } = this.screen;
    data(`\n  ${style.bold('Everline demo')}: a throw-away cluster on this machine …\n`, { event: 'begin' });
  }

  ready({ dataDir, router, masters }: ClusterPlan, status: ClusterStatus, tookMs: number): void {
    const { data, style } = this.screen;
    const rows = masters.map(({ name, address }) => `    ${name}  ${address}  ${roleOf(address, status)}\n`);
    const talk = `ready after ${duration(tookMs)}; alice and bob talk, and post a small thing every few milliseconds besides`;
    data(`\n    router    ${router.address}\n${rows.join('')}\n  ${style.dim(talk)}\n\n`, {
      event: 'ready',
      dataDir,
      router: router.address,
      masters: masters.map(({ address }) => address),
      tookMs: Math.round(tookMs),
    });
  }

  post(post: Post): void {
    const { data, style, terminal } = this.screen;
    const options = { nowMs: systemClock.wallMs(), oneLine: !terminal.out.isTerminal, authorColumns };
    data(`    ${postLine(post, style, options)}`, { event: 'post', ...postValue(post) });
  }

  killed({ name, address }: RolePlan, pid: number): void {
    const { data, style } = this.screen;
    const what = `${style.bold(`kill -9 ${pid}`)} — ${name} at ${address}, the available master`;
    data(`\n  ${style.red('✗')} ${what}\n`, { event: 'killed', name, address, pid });
  }

  resumed(reader: string, { address, epoch, afterMs, missed }: Resumed): void {
    const { data, style } = this.screen;
    const what = `${reader}’s timeline goes on at ${address} in epoch ${epoch}, after ${duration(afterMs)}, nothing missed`;
    data(`  ${style.green('→')} ${style.dim(what)}\n`, {
      event: 'resumed',
      reader,
      address,
      epoch,
      afterMs,
      missed,
    });
  }

  back({ name }: RolePlan, backMs: number): void {
    const { data, style } = this.screen;
    const what = `${name} is back, in sync, ${duration(backMs)} after its death`;
    data(`\n  ${style.green('✓')} ${what}\n`, { event: 'back', name, backMs: Math.round(backMs) });
  }

  result(result: DemoResult): void {
    const { data, style } = this.screen;
    const { acknowledged, lost, doubled, failed, pauseMs, usualMs } = result;
    const good = lost + doubled + failed === 0;
    const paint = good ? style.green : style.red;
    const failures = failed === 0 ? '' : ` · ${failed} failed`;
    const posts = `${acknowledged.toLocaleString('en-US')} posts acknowledged`;
    const counted = paint(style.bold(`${lost} lost · ${doubled} doubled${failures}`));
    const how = 'compared with what both took live, and with what each finds when reading it all anew';
    const blip = `the longest time without an acknowledged post; usually ${duration(usualMs)}`;
    data(
      `\n  ${paint(good ? '✓' : '✗')} ${posts} · ${counted}\n    ${style.dim(how)}\n` +
        `  ${style.green('✓')} ${style.bold(`blip: ${duration(pauseMs)}`)} ${style.dim(`— ${blip}`)}\n\n`,
      { event: 'result', ...result, ok: good },
    );
  }
}

function roleOf(address: string, status: ClusterStatus): string {
  const role = status.masters.find((master) => master.address === address)?.role;
  return role === 'available' ? 'available' : 'standby, in sync';
}
