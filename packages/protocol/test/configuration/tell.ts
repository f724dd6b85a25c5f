import type { Decision, RouterState } from '../../src/configuration/index.js';
import type { Scene } from './scene.js';

/** What a decision came to, one line for each thing that changed. */
export function tell(scene: Scene, before: RouterState, { state, refused, effects }: Decision): string[] {
  const lines: string[] = [];
  if (refused !== undefined) lines.push(`refused ${refused.reason}: ${refused.text}`);
  const { configuration, events } = state.durable;
  if (configuration !== undefined && configuration !== before.durable.configuration) {
    const { version, epoch, availableId, inSyncIds, masters, history } = configuration;
    const list = masters.map(({ masterId }) => masterId).join(' ');
    const era = history === 1 ? '' : ` history ${history}`;
    lines.push(
      `version ${version} epoch ${epoch}${era}: ${availableId}, in sync ${inSyncIds.join(' ')}, list ${list}`,
    );
  }
  const known = before.durable.events[0];
  const news = events.slice(0, known === undefined ? events.length : events.indexOf(known)).toReversed();
  for (const { kind, what, tookMs } of news)
    lines.push(`${kind}: ${what}${tookMs > 0 ? `, after ${tookMs} ms` : ''}`);
  lines.push(...tellOrders(scene, before, state));
  if (effects.length > 0) lines.push(`effects ${effects.map(({ kind }) => kind).join(', ')}`);
  return lines;
}

function tellOrders({ router, rules, nowMs }: Scene, before: RouterState, state: RouterState): string[] {
  const lines: string[] = [];
  const now = router.available(rules, state, nowMs);
  const was = router.available(rules, before, before.steppedMs);
  if (now.kind === 'none' && was.kind !== 'none')
    lines.push(`clients: none, waits for ${now.waitsFor.join(' ')}`);
  if (now.kind === 'available' && (was.kind === 'none' || was.epoch !== now.epoch)) {
    lines.push(`clients: ${now.address} in epoch ${now.epoch}`);
  }
  const id = state.durable.configuration?.availableId ?? '';
  const orders = router.ordersFor(state, id);
  const former = router.ordersFor(before, id);
  if (orders.resignToMasterId !== former.resignToMasterId) {
    lines.push(
      `asked: ${orders.resignToMasterId === '' ? 'nothing' : `resign to ${orders.resignToMasterId}`}`,
    );
  }
  if (orders.endedEpochs.join() !== former.endedEpochs.join())
    lines.push(`ended: ${orders.endedEpochs.join(' ')}`);
  return lines;
}
