import type { AddMasterRequest, AddMasterResponse } from '@everline/contracts';
import { refusal } from '../errors.js';
import { fromWire, toWire } from '../telling/wire.js';
import { ask } from './ask.js';
import { checkAddress, checkId, checkIdOrNone, checkNumber, invalid, plainText } from './fields.js';
import type { Office } from './office.js';

/** In a copy of the configuration, which is only read when the router's own state is lost. */
const mostIds = 64;

export async function addMaster(office: Office, request: AddMasterRequest): Promise<AddMasterResponse> {
  check(request);
  const { masterId, address, clusterId, incarnation } = request;
  await ask(office.decider, {
    kind: 'add-master',
    masterId,
    address,
    clusterId,
    incarnation,
    version: Number(request.version),
    lastSeq: Number(request.lastSeq),
    lastEpoch: Number(request.lastEpoch),
    committedSeq: Number(request.committedSeq),
    epoch: Number(request.epoch),
    configuration: request.configuration === undefined ? undefined : fromWire(request.configuration),
    software: plainText(request.software),
    newClusterId: office.random.uuid(),
  });
  const { configuration } = office.decider.told.durable;
  if (configuration === undefined)
    throw refusal('UNEXPECTED', 'a master was registered without a configuration');
  return { clusterId: configuration.clusterId, configuration: toWire(configuration) };
}

function check(request: AddMasterRequest): void {
  checkId('master_id', request.masterId);
  checkAddress('address', request.address);
  checkIdOrNone('cluster_id', request.clusterId);
  checkId('incarnation', request.incarnation);
  checkNumber('version', request.version);
  checkNumber('last_seq', request.lastSeq);
  checkNumber('last_epoch', request.lastEpoch);
  checkNumber('committed_seq', request.committedSeq);
  checkNumber('epoch', request.epoch);
  const { configuration } = request;
  if (configuration === undefined) return;
  checkNumber('configuration.version', configuration.version);
  checkNumber('configuration.epoch', configuration.epoch);
  if (configuration.masters.length > mostIds || configuration.inSyncIds.length > mostIds) {
    invalid('configuration', `of at most ${mostIds} masters`);
  }
}
