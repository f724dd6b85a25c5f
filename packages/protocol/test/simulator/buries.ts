import type { Edit } from './with-bug.js';

const file = 'configuration/replace-lost.js';

/**
 * R4: the dead one leaves the set with the decision that replaces it, though only where its end is certain, the floor allows it and its successor
 * was heard of a moment ago. That one may lose its disk before it has taken over.
 */
export const buries: readonly Edit[] = [
  [
    file,
    'beginReign(judged, configuration, chosen)',
    'beginReign(judged, buried(judged, configuration, chosen, at), chosen)',
  ],
  [
    file,
    'function announce(',
    `function buried({ durable }, configuration, { masterId, heardMs }, at) {
    const inSyncIds = configuration.inSyncIds.filter((id) => id !== configuration.availableId);
    const certain = durable.reigns.at(-1)?.ended === 'reaped' && masterId !== configuration.availableId;
    const quick = at.nowMs - heardMs < 250;
    return certain && quick && inSyncIds.length >= configuration.minInSync ? { ...configuration, inSyncIds } : configuration;
}
function announce(`,
  ],
];
