import type { ClusterStatus, MasterStatus } from '@everline/client';
import { count } from '../print/duration.js';
import { shortId } from '../print/status.js';
import { type Finding, fault, ok, warning } from './finding.js';

/** What a running cluster says about itself. */
export function judgeCluster(status: ClusterStatus): readonly Finding[] {
  const { masters } = status;
  return [available(masters), redundancy(status), agreement(masters), oneVersion(masters)].filter(
    (finding) => finding !== undefined,
  );
}

function available(masters: readonly MasterStatus[]): Finding {
  const master = masters.find(({ role, alive }) => role === 'available' && alive);
  if (master !== undefined) return ok('cluster', `${master.address} is available`);
  const awaited = masters.filter(({ inSync }) => inSync).map(({ address }) => address);
  const remedy =
    awaited.length === 0
      ? 'start a master: everline master --help'
      : `bring back ${awaited.join(' or ')}: they hold every acknowledged post`;
  return fault('cluster', 'no master is available', remedy);
}

function redundancy({ liveCopies, minInSync, masters }: ClusterStatus): Finding {
  const copies = count(liveCopies, 'live copy').replace('copys', 'copies');
  if (liveCopies < minInSync) {
    return fault(
      'cluster',
      `${copies}, and every post must reach ${minInSync}`,
      'bring a master back: posts are refused until then',
    );
  }
  if (liveCopies >= 2) return ok('cluster', `${copies} of every post`);
  const remedy =
    masters.length < 2
      ? 'start a second master'
      : 'bring another master back, or wait until it has caught up';
  return warning('cluster', `${copies} of every post: the next crash is a wait`, remedy);
}

/** Masters that stand at the same place of the journal have the same state, or something is broken. */
function agreement(masters: readonly MasterStatus[]): Finding | undefined {
  const known = masters.filter(({ alive, stateHash }) => alive && stateHash !== '');
  for (const master of known) {
    const other = known.find(
      ({ stateHashSeq, stateHash }) => stateHashSeq === master.stateHashSeq && stateHash !== master.stateHash,
    );
    if (other === undefined) continue;
    const what = `${master.address} and ${other.address} differ at entry ${master.stateHashSeq}`;
    const remedy = `stop ${shortId(other.masterId)}, keep its folder for a look, start it with --reset-from-peers`;
    return fault('cluster', what, remedy);
  }
  return known.length > 1 ? ok('cluster', 'the masters agree on the state') : undefined;
}

function oneVersion(masters: readonly MasterStatus[]): Finding | undefined {
  const versions = [...new Set(masters.filter(({ alive }) => alive).map(({ version }) => version))];
  if (versions.length < 2) return undefined;
  return warning(
    'cluster',
    `masters of versions ${versions.join(' and ')} run together`,
    'finish the upgrade',
  );
}
