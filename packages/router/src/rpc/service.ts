// everline.router.v1.RouterService, one file for each call.
import type { Handlers } from '@everline/chassis';
import type { RouterServiceService } from '@everline/contracts';
import { addMaster } from './add-master.js';
import { alterInSync } from './alter-in-sync.js';
import { describeCluster } from './describe-cluster.js';
import { dualPing } from './dual-ping.js';
import { forceAvailable } from './force-available.js';
import { getAvailable } from './get-available.js';
import type { Office } from './office.js';
import { reportDeath } from './report-death.js';
import { switchover } from './switchover.js';
import { watchAvailable } from './watch-available.js';

export function routerService(office: Office): Handlers<typeof RouterServiceService> {
  return {
    addMaster: (request) => addMaster(office, request),
    getAvailable: () => getAvailable(office),
    watchAvailable: (_, context, out) => watchAvailable(office, context, out),
    dualPing: dualPing(office),
    alterInSync: (request) => alterInSync(office, request),
    reportDeath: (request) => reportDeath(office, request),
    switchover: (request, context) => switchover(office, request, context),
    forceAvailable: (request) => forceAvailable(office, request),
    describeCluster: () => describeCluster(office),
  };
}
