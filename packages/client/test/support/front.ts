import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP front of a server: what a client sees of a process. `freeze` is SIGSTOP (connections are accepted, nothing is answered), `kill` is
 * SIGKILL (sockets close, new ones are refused), `revive` listens again on the same port.
 */
export class Front {
  readonly #target: number;
  readonly #pairs = new Set<{ client: Socket; server: Socket | undefined }>();
  #listener: Server;
  #port = 0;
  #frozen = false;
  accepted = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#listener = createServer();
  }

  static async before(target: number): Promise<Front> {
    const front = new Front(target);
    await front.#listen();
    return front;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  freeze(): void {
    this.#frozen = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server?.pause();
    }
  }

  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs) {
      pair.server ??= this.#join(pair.client);
      pair.client.resume();
      pair.server.resume();
    }
  }

  /** Cuts every connection; new ones are welcome. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server?.destroy();
    }
    this.#pairs.clear();
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    this.cut();
    await closed;
  }

  async revive(): Promise<void> {
    this.#frozen = false;
    await this.#listen();
  }

  #listen(): Promise<void> {
    this.#listener = createServer((client) => this.#accept(client));
    return new Promise((resolve) => {
      this.#listener.listen(this.#port, '127.0.0.1', () => {
        this.#port = (this.#listener.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  #accept(client: Socket): void {
    this.accepted++;
    client.setNoDelay(true);
    client.on('error', () => {});
    const pair: { client: Socket; server: Socket | undefined } = { client, server: undefined };
    this.#pairs.add(pair);
    client.on('close', () => {
      this.#pairs.delete(pair);
      pair.server?.destroy();
    });
    if (this.#frozen) client.pause();
    else pair.server = this.#join(client);
  }

  #join(client: Socket): Socket {
    const server = createConnection(this.#target, '127.0.0.1');
    server.setNoDelay(true);
    server.on('error', () => client.destroy());
    server.on('close', () => client.destroy());
    server.on('data', (bytes) => client.write(bytes) || undefined);
    client.on('data', (bytes) => server.write(bytes));
    return server;
  }
}
