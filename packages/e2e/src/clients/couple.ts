import { setInterval } from 'node:timers';
import { eventually, within } from '../eventually.js';
import { bin } from '../places.js';
import type { Child } from '../processes/child.js';
import type { Run } from '../processes/run.js';
import { everline } from '../terminal/everline.js';

/** Two people with the product's own client: one posts numbered lines from a pipe, the other reads them live. */
export class Couple {
  private readonly talker: Child;
  private readonly listener: Child;
  private readonly prefix: string;
  private readonly timer: NodeJS.Timeout;
  private said = 0;

  private constructor(talker: Child, listener: Child, prefix: string, everyMs: number) {
    this.talker = talker;
    this.listener = listener;
    this.prefix = prefix;
    this.timer = setInterval(() => {
      this.said += 1;
      talker.write(`${prefix} ${this.said}\n`);
    }, everyMs);
  }

  /** @param on what a command is preceded by to run where they are */
  static async start(
    run: Run,
    router: string,
    options: { readonly prefix: string; readonly on?: readonly string[]; readonly everyMs?: number },
  ): Promise<Couple> {
    const { prefix, on = [], everyMs = 20 } = options;
    const [talker, listener] = [`${prefix}-talker`, `${prefix}-listener`];
    const at = ['--router', router];
    await everline(run, ['login', talker, ...at]);
    await everline(run, ['login', listener, ...at]);
    const followed = await everline(run, ['follow', talker, '--user', listener, ...at]);
    if (followed.code !== 0) throw new Error(`${listener} cannot follow: ${followed.stderr}`);
    const start = (user: string, ...args: string[]): Child =>
      run.start([...on, process.execPath, bin('cli'), ...args, '--json', '--user', user, ...at]);
    const listens = start(listener, 'timeline', '-f');
    const talks = start(talker, 'post', '-', '--timeout', '60s');
    const couple = new Couple(talks, listens, prefix, everyMs);
    run.atEnd(() => clearInterval(couple.timer));
    await couple.untilMore(10, 20_000);
    return couple;
  }

  get posted(): number {
    return textsIn(this.talker).length;
  }

  get read(): number {
    return textsIn(this.listener).length;
  }

  /** Both have gone on by so many posts. */
  async untilMore(more: number, deadlineMs: number): Promise<void> {
    const { posted, read } = this;
    await eventually(
      () => this.posted >= posted + more && this.read >= read + more,
      deadlineMs,
      () =>
        `${more} more are posted and read: ${posted} → ${this.posted}, ${read} → ${this.read}; ${this.talker.stderr} ${this.listener.stderr}`,
    );
  }

  /** Both processes are stopped; what is said meanwhile waits in the pipe. */
  freeze(): void {
    for (const child of [this.talker, this.listener]) child.signal('SIGSTOP');
  }

  thaw(): void {
    for (const child of [this.talker, this.listener]) child.signal('SIGCONT');
  }

  /** Every line was posted once and, from the first that was read on, read once, in its order. */
  async finish(): Promise<void> {
    clearInterval(this.timer);
    this.talker.endInput();
    const { code } = await within(this.talker.exited, 60_000, 'everything is posted');
    const lines = Array.from({ length: this.said }, (_, index) => `${this.prefix} ${index + 1}`);
    const last = lines.at(-1);
    await eventually(() => textsIn(this.listener).at(-1) === last, 20_000, `${last} is read`);
    this.listener.signal('SIGINT');
    await within(this.listener.exited, 10_000, 'the reader ends');
    const posted = textsIn(this.talker).join() === lines.join();
    const read = textsIn(this.listener).join() === lines.slice(-this.read).join();
    if (code !== 0 || !posted || !read)
      throw new Error(
        `said ${this.said}, posted ${this.posted}, read ${this.read}, or not in order; ended with ${code}: ${this.talker.stderr}`,
      );
  }
}

function textsIn({ stdout }: Child): string[] {
  return stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text);
}
