import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers';

/** So much may be on its way in one direction; who sends more waits. */
const mostUnderWayBytes = 1024 * 1024;

/** A way to a process that leads through here, and can be made long, or forget the connections that it carries. */
export class Line {
  readonly port: number;
  /** What a byte takes in each direction. */
  delayMs = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private generation = 0;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static async open(port: number, to: { readonly host: string; readonly port: number }): Promise<Line> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    const line = new Line(server, port);
    server.on('connection', (near) => line.join(near, dial({ ...to, noDelay: true, allowHalfOpen: true })));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return line;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How many connections it carries at present. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  /**
   * As a firewall that was restarted: whatever is connected now hears nothing any more, no end either, and new connections are carried as
   * before.
   */
  forget(): void {
    this.generation += 1;
  }

  close(): void {
    this.forget();
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket, far: Socket): void {
    const { generation } = this;
    const known = (): boolean => generation === this.generation;
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    }
    this.carry(near, far, known);
    this.carry(far, near, known);
  }

  private carry(from: Socket, to: Socket, known: () => boolean): void {
    const queue = new Queue(() => this.delayMs);
    let underWay = 0;
    from.on('data', (bytes: Buffer) => {
      if (!known()) return;
      underWay += bytes.length;
      if (underWay >= mostUnderWayBytes) from.pause();
      queue.add(() => {
        if (known()) to.write(bytes);
        underWay -= bytes.length;
        if (underWay < mostUnderWayBytes) from.resume();
      });
    });
    from.on('end', () => queue.add(() => known() && to.end()));
    from.on('close', (failed) =>
      queue.add(() => known() && (failed ? to.resetAndDestroy() : to.destroySoon())),
    );
  }
}

/** What is on its way arrives in order, whatever becomes of the delay meanwhile. */
class Queue {
  private readonly delayMs: () => number;
  private readonly waiting: { readonly atMs: number; readonly arrive: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(delayMs: () => number) {
    this.delayMs = delayMs;
  }

  add(arrive: () => void): void {
    this.waiting.push({ atMs: performance.now() + this.delayMs(), arrive });
    if (this.timer === undefined) this.deliver();
  }

  private deliver(): void {
    this.timer = undefined;
    for (;;) {
      const [first] = this.waiting;
      if (first === undefined) return;
      const leftMs = first.atMs - performance.now();
      if (leftMs > 0) {
        this.timer = setTimeout(() => this.deliver(), leftMs);
        return;
      }
      this.waiting.shift();
      first.arrive();
    }
  }
}
