import type { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import type { ProcessEntry } from '../processes/census.js';

/** What the column `operator` of a sheet can ask for. */
export class Operator {
  private readonly cluster: Cluster;
  private frozen: Member | undefined;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  get router(): string {
    return this.cluster.router.address;
  }

  async available(): Promise<string> {
    return (await this.cluster.getAvailable()).address;
  }

  async act(action: string): Promise<void> {
    switch (action) {
      case 'kill the available master':
        await this.moving((master) => master.kill());
        return;
      case 'terminate the available master':
        await this.moving(async (master) => master.signal('SIGTERM'));
        return;
      case 'freeze the available master':
        await this.moving(async (master) => {
          this.frozen = master;
          return master.signal('SIGSTOP');
        });
        return;
      case 'thaw it':
        this.frozen?.signal('SIGCONT');
        return;
      case 'switch over':
        await this.cluster.switchover();
        return;
      case 'kill a standby':
        await (await this.cluster.standbys())[0]?.kill();
        return;
      case 'kill the router': {
        const before = await this.cluster.router.kill();
        await this.cluster.router.untilRestarted(before);
        return;
      }
      case 'wait until all are in sync':
        await this.cluster.untilRedundant();
        return;
      case 'kill everything':
        return this.killEverything();
      default:
        throw new Error(`an operator cannot ${action}`);
    }
  }

  /** Does it to the available master, and waits until another reign has begun. */
  private async moving(act: (master: Member) => Promise<ProcessEntry>): Promise<void> {
    const { address, epoch } = await this.cluster.getAvailable();
    await act(this.cluster.at(address));
    await this.cluster.untilMoved(epoch);
  }

  private async killEverything(): Promise<void> {
    const { epoch } = await this.cluster.getAvailable();
    const before = await Promise.all(this.cluster.members.map((member) => member.kill()));
    await Promise.all(
      this.cluster.members.map((member, index) => member.untilRestarted(before[index] as ProcessEntry)),
    );
    await this.cluster.untilMoved(epoch);
  }
}
