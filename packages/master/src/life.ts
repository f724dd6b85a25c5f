// One life of a master under one id: the heart, what clients see of it, and the server. A history that is given up ends it (R10).
import { type Clock, createRpcServer, type Log, type Random, type RpcServer } from '@everline/chassis';
import { giveRoom } from '@everline/chassis/small-process';
import { csce438, descriptorImage, ReplicationServiceService, SnsServiceService } from '@everline/contracts';
import { originalHandlers } from './csce438/service.js';
import { OpenedRole } from './role/open-role.js';
import { Sessions } from './sessions.js';
import type { Settings } from './settings.js';
import { snsHandlers } from './sns/service.js';
import { software } from './software.js';
import type { Store } from './store/store.js';
import { cursorsOf, type Realm } from './timeline/cursor.js';
import { Timelines } from './timeline/live.js';

export interface LifeOptions {
  readonly store: Store;
  readonly settings: Settings;
  readonly incarnation: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Life extends AsyncDisposable {
  readonly heart: OpenedRole;
  readonly port: number;
  readonly server: RpcServer;
}

/** Streams are told where to go and end by themselves; a call that is under way may finish within this. */
const drainMs = 2_000;
/** What health checks are asked about: it is SERVING on the available master alone. */
const clientService = 'everline.sns.v1.SnsService';

export async function openLife(options: LifeOptions): Promise<Life> {
  const { store, settings, clock, random, log } = options;
  const { view } = store;
  const timelines = new Timelines({ view, clock, beatMs: settings.pingMs });
  let port = 0;
  const heart = new OpenedRole({
    ...options,
    software,
    routers: settings.routers,
    times: settings,
    address: () => settings.advertise ?? withPort(settings.listen, port),
    publish: (applied) => timelines.publish(applied),
  });
  const { role } = heart;
  const realm = (): Realm => {
    const { clusterId = '', history } = store.facts();
    return { clusterId, history };
  };
  const sessions = new Sessions({ role, view, clock, random, log });
  const services = { role, view, timelines, sessions, clock, random, realm };
  const server = createRpcServer({ log, clock, image: descriptorImage });
  server.add(SnsServiceService, snsHandlers(services));
  server.add(csce438.SNSServiceService, originalHandlers(services));
  server.add(ReplicationServiceService, heart.replication.handlers);
  server.setServing(clientService, false);
  role.onChange(() => {
    server.setServing(clientService, role.reigns);
    giveRoom(role.reigns);
    if (role.reigns)
      timelines.begin(cursorsOf(realm(), role.available().epoch), store.positions().appliedSeq);
  });
  ({ port } = await server.listen(settings.listen));
  heart.begin();
  const dispose = async (): Promise<void> => {
    sessions[Symbol.dispose]();
    await heart[Symbol.asyncDispose]();
    await server.drain(drainMs);
  };
  return { heart, port, server, [Symbol.asyncDispose]: dispose };
}

/** Port 0 was the system's to choose. */
function withPort(listen: string, port: number): string {
  return listen.replace(/:\d+$/, `:${port}`);
}
