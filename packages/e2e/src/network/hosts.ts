import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/** Where the suite's own process, its writers and its readers, are. */
export const here = 'here';

/**
 * Several hosts on this machine: a network namespace each, on one bridge. What is cut is dropped in silence, as by a pulled cable:
 * no connection is reset, and nobody is told.
 */
export class Hosts {
  private readonly id: string;
  private readonly net: string;
  private readonly names: readonly string[];
  /** Per namespace, the rules that are in force. */
  private readonly rules = new Map<string, string[]>();

  private constructor(id: string, net: string, names: readonly string[]) {
    this.id = id;
    this.net = net;
    this.names = names;
  }

  static make(names: readonly string[]): Hosts {
    const id = Math.floor(Math.random() * 0xffff_ffff)
      .toString(36)
      .padStart(7, '0')
      .slice(0, 7);
    const hosts = new Hosts(id, freeNet(), names);
    try {
      hosts.build();
    } catch (error) {
      hosts.remove();
      throw error;
    }
    return hosts;
  }

  /** The suite's own place is the bridge's. */
  ip(name: string): string {
    const at = this.names.indexOf(name);
    if (name !== here && at < 0) throw new Error(`there is no host ${name}`);
    return `${this.net}.${name === here ? 1 : at + 11}`;
  }

  /** What a command is to be preceded by to run there. */
  on(name: string): readonly string[] {
    return name === here ? [] : ['ip', 'netns', 'exec', this.space(name)];
  }

  /** Nothing that `from` sends reaches `to`, until `heal`. */
  cutOneWay(from: string, to: string): void {
    this.drop(from, to, '');
  }

  cut(one: string, other: string): void {
    this.cutOneWay(one, other);
    this.cutOneWay(other, one);
  }

  /** So many packets of a hundred are lost on the way from one to the other, and back. */
  lose(percent: number, one: string, other: string): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      this.drop(from, to, `numgen random mod 100 < ${percent} `);
  }

  heal(): void {
    for (const space of this.rules.keys()) nft(space, ['flush table inet cut']);
    this.rules.clear();
  }

  /** Nothing may run there any more. */
  remove(): void {
    for (const [index, name] of this.names.entries()) {
      spawnSync('ip', ['link', 'del', this.link(index)], { stdio: 'ignore' });
      spawnSync('ip', ['netns', 'del', this.space(name)], { stdio: 'ignore' });
    }
    spawnSync('ip', ['link', 'del', this.bridge], { stdio: 'ignore' });
  }

  private get bridge(): string {
    return `ev${this.id}`;
  }

  private link(index: number): string {
    return `ev${this.id}.${index}`;
  }

  private space(name: string): string {
    return `everline-${this.id}-${name}`;
  }

  /** A filter stands at the sender's door; only ours is not touched, so there it stands at the receiver's. */
  private drop(from: string, to: string, share: string): void {
    const space = this.space(from === here ? to : from);
    const rule =
      from === here
        ? `add rule inet cut in ip saddr ${this.ip(here)} ${share}drop`
        : `add rule inet cut out ip daddr ${this.ip(to)} ${share}drop`;
    nft(space, [rule]);
    this.rules.set(space, [...(this.rules.get(space) ?? []), rule]);
  }

  private build(): void {
    ip('link', 'add', this.bridge, 'type', 'bridge');
    ip('addr', 'add', `${this.ip(here)}/24`, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
    for (const [index, name] of this.names.entries()) {
      const space = this.space(name);
      ip('netns', 'add', space);
      ip('link', 'add', this.link(index), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      ip('link', 'set', this.link(index), 'master', this.bridge, 'up');
      ip('-n', space, 'addr', 'add', `${this.ip(name)}/24`, 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
      ip('-n', space, 'link', 'set', 'lo', 'up');
      nft(space, [
        'add table inet cut',
        'add chain inet cut in { type filter hook input priority 0; }',
        'add chain inet cut out { type filter hook output priority 0; }',
      ]);
    }
  }
}

/** A range of 256 addresses that nobody here uses. */
function freeNet(): string {
  const used = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
  for (;;) {
    const net = `10.${200 + Math.floor(Math.random() * 50)}.${Math.floor(Math.random() * 256)}`;
    if (!used.some((address) => address.startsWith(`${net}.`))) return net;
  }
}

function ip(...args: string[]): void {
  ran('ip', args);
}

function nft(space: string, commands: readonly string[]): void {
  ran('ip', ['netns', 'exec', space, 'nft', '-f', '-'], commands.join('\n'));
}

function ran(program: string, args: readonly string[], input = ''): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
