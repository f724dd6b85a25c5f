// After healing: it serves again, everyone comes back into the set, every reader has everything, and every promise was kept.
import { checkHistory } from '@everline/history';
import type { World } from './world.js';

/** Of healing: new calls are answered. */
const servesMs = 2000;
/** R8: the router holds a master that the standbys still hear; and what is known to take its time besides. */
const holdMs = 3500;
const joinsMs = 10_000;
const drainsMs = 4000;

export function settleUp(world: World): void {
  const { schedule, oracle, counters } = world;
  const done = (is: () => boolean, ms: number): boolean => {
    const untilMs = schedule.nowMs + ms;
    let reached = is();
    while (!reached && !world.over && schedule.nowMs < untilMs) {
      schedule.run(Math.min(untilMs, schedule.nowMs + 50), () => world.over);
      reached = is();
    }
    return reached;
  };
  if (!done(() => serves(world), servesMs)) {
    counters.count('served again late');
    if (!done(() => serves(world), holdMs) && !world.over)
      oracle.found(`it does not serve again: ${stateOf(world)}`);
    return;
  }
  if (!done(() => allIn(world), joinsMs) && !world.over) {
    oracle.found(`not everybody is in sync again: ${stateOf(world)}`);
    return;
  }
  world.stopped = true;
  if (!done(() => drained(world), drainsMs) && !world.over) {
    oracle.found(`not everybody has everything: ${stateOf(world)}`);
    return;
  }
  if (!world.over) bill(world);
}

function serves({ clients, healedAtMs }: World): boolean {
  return clients.every((client) => client.postedSinceMs > healedAtMs);
}

function allIn({ masters, router }: World): boolean {
  const { configuration } = router.keeper.file;
  return masters.every(({ store }) => configuration?.inSyncIds.includes(store.masterId) === true);
}

function drained({ masters, readers, clients, oracle }: World): boolean {
  const { lastSeq } = oracle;
  const lastPost = oracle.order.findLast(({ id }) => id !== '')?.seq ?? 0;
  return (
    clients.every(({ idle }) => idle) &&
    masters.every(({ store }) => store.state.appliedSeq === lastSeq && store.journal.lastSeq === lastSeq) &&
    readers.every(({ progress }) => (progress.cursor?.seq ?? -1) >= lastPost)
  );
}

/** Every acknowledged post is in every state, at its place; and what everybody saw is one history. */
function bill(world: World): void {
  const { masters, oracle, recording } = world;
  for (const [id, seq] of oracle.acknowledgements) {
    for (const { store } of masters) {
      if (store.state.answers.get(id) !== seq)
        oracle.found(`M1: ${store.masterId} has lost ${id}, acknowledged at ${seq}`);
    }
  }
  const [finding] = checkHistory(recording.history(world));
  if (finding !== undefined)
    oracle.found(`${finding.rule}: ${finding.what} ${JSON.stringify(finding.evidence)}`);
}

function stateOf({ masters, router, readers, oracle }: World): string {
  const { configuration } = router.keeper.file;
  const parts = masters.map(({ store, host }) => {
    const { role, standing } = host.replica;
    return `${store.masterId} ${role.kind} promised ${standing.promisedEpoch} committed ${standing.committedSeq}/${store.journal.lastSeq}`;
  });
  const { epoch, version, availableId, inSyncIds } = configuration ?? {};
  const cursors = readers.map(({ name, progress }) => `${name} at ${progress.cursor?.seq}`);
  const now = `epoch ${epoch} version ${version} available ${availableId} in sync ${inSyncIds?.join(' ')}`;
  return [`${now} (${router.told.standing.kind})`, ...parts, ...cursors, `history ${oracle.lastSeq}`].join(
    '; ',
  );
}
