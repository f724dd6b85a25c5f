import type { ClientHttp2Session } from 'node:http2';
import { eventually } from '../eventually.js';
import type { TimelineResponse } from '../wire/messages.js';
import { framed, openSession, openStream } from '../wire/raw.js';
import { encodeMessage, method } from '../wire/schema.js';

const timeline = 'everline.sns.v1.SnsService/Timeline';
const headBytes = 5;
const retryMs = 50;

interface Member {
  cursor: string;
  live: boolean;
  readonly seqs: number[];
  readonly breaks: string[];
}

/** A great many readers of one timeline, on a few connections each for many of them; each goes on after what it got. */
export class Throng {
  readonly members: readonly Member[];
  private readonly username: string;
  private readonly perConnection: number;
  private sessions: ClientHttp2Session[] = [];
  private address = '';

  constructor(username: string, count: number, perConnection: number) {
    this.username = username;
    this.perConnection = perConnection;
    this.members = Array.from({ length: count }, () => ({ cursor: '', live: false, seqs: [], breaks: [] }));
  }

  /** All of them at once, at this master. */
  open(address: string): void {
    this.close();
    this.address = address;
    for (let from = 0; from < this.members.length; from += this.perConnection) {
      const session = openSession(address);
      this.sessions.push(session);
      for (const member of this.members.slice(from, from + this.perConnection)) this.read(session, member);
    }
  }

  get live(): number {
    return this.members.filter(({ live }) => live).length;
  }

  async untilLive(deadlineMs: number): Promise<void> {
    await eventually(
      () => this.live === this.members.length,
      deadlineMs,
      () => `all ${this.members.length} read live: ${this.live} do`,
    );
  }

  async untilTaken(count: number, deadlineMs: number): Promise<void> {
    const behind = (): number => this.members.filter(({ seqs }) => seqs.length < count).length;
    await eventually(
      () => behind() === 0,
      deadlineMs,
      () => `everybody has ${count} posts: ${behind()} of ${this.members.length} have not`,
    );
  }

  close(): void {
    for (const session of this.sessions.splice(0)) session.destroy();
    for (const member of this.members) member.live = false;
  }

  private read(session: ClientHttp2Session, member: Member): void {
    const { path, decode } = method(timeline);
    const stream = openStream(session, path);
    let rest: Buffer = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= headBytes && rest.length >= headBytes + rest.readUInt32BE(1)) {
        const end = headBytes + rest.readUInt32BE(1);
        this.take(member, decode(rest.subarray(headBytes, end)) as TimelineResponse);
        rest = rest.subarray(end);
      }
    });
    const { address } = this;
    stream.on('close', () => {
      member.live = false;
      if (session.destroyed || this.address !== address) return;
      setTimeout(() => session.destroyed || this.read(session, member), retryMs);
    });
    const where = member.cursor === '' ? { recent: -1 } : { after: member.cursor };
    stream.write(
      framed(
        encodeMessage('everline.sns.v1.TimelineRequest', { open: { username: this.username, ...where } }),
      ),
    );
  }

  private take(member: Member, { entries, caughtUp, heartbeat }: TimelineResponse): void {
    for (const { post, cursor, prevSeq } of entries?.entries ?? []) {
      const last = member.seqs.at(-1);
      if (last !== undefined && prevSeq !== last)
        member.breaks.push(`${post.seq} after ${prevSeq}, not ${last}`);
      member.seqs.push(post.seq);
      member.cursor = cursor;
    }
    const news = caughtUp?.cursor ?? heartbeat?.cursor ?? '';
    if (news !== '') member.cursor = news;
    if (caughtUp !== undefined) member.live = true;
  }
}
