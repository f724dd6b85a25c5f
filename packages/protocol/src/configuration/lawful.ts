// The router's invariants as assertions, checked at every change of the configuration, in production too.
import { type Configuration, isListed, sameSet } from './configuration.js';

/** Broken only by a fault in this program; the process that meets it must end without telling anyone. */
export class Unlawful extends Error {
  override readonly name = 'Unlawful';
}

/** @param by the event's kind; `anew` when a person forces (R10) or the state is rebuilt (R9): the set may change with the epoch */
export function assertLawful(
  before: Configuration | undefined,
  after: Configuration | undefined,
  by: string,
): void {
  if (before === after) return;
  must(after !== undefined, 'R1', 'a configuration is never forgotten');
  must(after.inSyncIds.includes(after.availableId), 'R3', 'only a member of the in-sync set is available');
  must(
    after.inSyncIds.every((id) => isListed(after, id)),
    'R3',
    'every member of the in-sync set is listed',
  );
  if (before === undefined) return;
  const reignBegins = after.epoch !== before.epoch;
  const setChanges = !sameSet(before.inSyncIds, after.inSyncIds);
  must(after.version > before.version, 'R1', 'the version grows');
  must(after.epoch >= before.epoch && after.history >= before.history, 'R1', 'epoch and history only grow');
  must(after.clusterId === before.clusterId, 'R9', 'the cluster keeps its id');
  must(
    reignBegins || after.availableId === before.availableId,
    'R2',
    'another available master, another epoch',
  );
  if (by === 'anew') return;
  must(!setChanges || by === 'in-sync-altered', 'R2', 'only the available master changes the in-sync set');
  must(!reignBegins || !setChanges, 'R4', 'a failover does not change the in-sync set');
  const floor = Math.min(before.minInSync, before.inSyncIds.length);
  must(after.inSyncIds.length >= floor, 'R5', 'the in-sync set does not shrink below the floor');
}

function must(holds: boolean, rule: string, what: string): asserts holds {
  if (!holds) throw new Unlawful(`${rule}: ${what}`);
}
