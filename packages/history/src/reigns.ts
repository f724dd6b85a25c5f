import type { Finding, History, PostRecord, ReignRecord } from './history.js';

/** Epochs only grow, and in one epoch one master speaks. */
export function checkReigns({ reigns, eventEpochs, posts }: History): readonly Finding[] {
  return [
    ...checkEvents(eventEpochs),
    ...checkOneEach(reigns),
    ...checkSpeakers(posts, reigns, eventEpochs),
    ...checkEpochs(posts),
  ];
}

function checkEvents(epochs: readonly number[]): readonly Finding[] {
  return epochs.flatMap((epoch, index) => {
    const before = epochs[index - 1];
    return before === undefined || before < epoch
      ? []
      : [{ rule: 'epochs grow', what: 'an event tells of an older epoch', evidence: [before, epoch] }];
  });
}

function checkOneEach(reigns: readonly ReignRecord[]): readonly Finding[] {
  const findings: Finding[] = [];
  const byEpoch = new Map<number, ReignRecord>();
  let newest = 0;
  for (const reign of reigns) {
    const other = byEpoch.get(reign.epoch);
    if (other !== undefined && other.address !== reign.address)
      findings.push({
        rule: 'one master an epoch',
        what: 'two masters had one epoch',
        evidence: [other, reign],
      });
    if (reign.epoch < newest)
      findings.push({ rule: 'epochs grow', what: 'an older epoch was told', evidence: [newest, reign] });
    byEpoch.set(reign.epoch, reign);
    newest = Math.max(newest, reign.epoch);
  }
  return findings;
}

/** In the one order, the acknowledging master changes at most as often as the epoch did. */
function checkSpeakers(
  posts: readonly PostRecord[],
  reigns: readonly ReignRecord[],
  eventEpochs: readonly number[],
): readonly Finding[] {
  const known = [...reigns.map(({ epoch }) => epoch), ...eventEpochs];
  if (known.length === 0) return [];
  // A router that was rebuilt tells of no earlier reign: what was answered in one does.
  const epochs = new Set([...known, ...posts.flatMap(({ epoch }) => epoch ?? [])]);
  const firstTries = posts.filter(({ outcome, tries }) => outcome === 'acknowledged' && tries === 1);
  const inOrder = [...firstTries].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const changes = inOrder.filter((post, index) => index > 0 && inOrder[index - 1]?.address !== post.address);
  return changes.length < epochs.size
    ? []
    : [
        {
          rule: 'one master an epoch',
          what: `the acknowledging master changed ${changes.length} times in ${epochs.size} epochs`,
          evidence: changes.slice(0, 6),
        },
      ];
}

/** Where answers tell their epoch: one master speaks in it, and of places that were given at a first try it grows. */
function checkEpochs(posts: readonly PostRecord[]): readonly Finding[] {
  const told = posts.filter(({ outcome, epoch }) => outcome === 'acknowledged' && epoch !== undefined);
  const speakers = new Map<number, PostRecord>();
  const findings: Finding[] = [];
  let newest: PostRecord | undefined;
  for (const post of told.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
    const other = speakers.get(post.epoch ?? 0);
    if (other !== undefined && other.address !== post.address)
      findings.push({
        rule: 'one master an epoch',
        what: `two masters acknowledged in epoch ${post.epoch}`,
        evidence: [other, post],
      });
    speakers.set(post.epoch ?? 0, post);
    if (post.tries > 1) continue;
    if (newest !== undefined && (post.epoch ?? 0) < (newest.epoch ?? 0))
      findings.push({
        rule: 'epochs grow',
        what: 'a later place was acknowledged in an older epoch',
        evidence: [newest, post],
      });
    newest = post;
  }
  return findings;
}
