import type { ImageName } from "./images.ts";

/** What a machine is made from; everything else it takes from the metadata service. */
export interface MachineSpec {
  /** `i-` + 17 hex digits; also the machine's name. */
  readonly instanceId: string;
  readonly image: ImageName;
  readonly privateAddress: string;
  /** Upper case, as the metadata service shows it. */
  readonly macAddress: string;
  /** Room for all that the machine writes; absent: its host's. */
  readonly diskLimitMb?: number;
}

/** Boots and ends machines. `nspawn` makes real ones, `none` only says so (the API alone). */
export interface MachineDriver {
  /** Resolves when the machine has been started (its init runs); it is not yet configured then. */
  start(spec: MachineSpec): Promise<void>;
  /** Ends the machine and removes its disk; the console log stays. Ending one that is gone is not an error. */
  end(instanceId: string): Promise<void>;
  /** Restarts init with the same disk. */
  reboot(instanceId: string): Promise<void>;
  /** Machines that run now; used after a restart of the cloud to adopt or end them. */
  running(): Promise<readonly string[]>;
  /** Makes what each instance may send and receive inside the cloud equal to `ports`; others send nothing. */
  guard(ports: readonly InstancePort[]): Promise<void>;
  /** The console since the first boot, at most its last 64 KiB, as GetConsoleOutput shows it. */
  console(instanceId: string): Promise<Buffer>;
  /** Stops the machine's processes where they are, or lets them go on. Absent: there is nothing to stop. */
  freeze?(instanceId: string, isFrozen: boolean): void;
}

/** An instance at the cloud's switch: who it is, and what its security groups allow. */
export interface InstancePort {
  readonly instanceId: string;
  readonly privateAddress: string;
  readonly macAddress: string;
  readonly ingress: readonly Traffic[];
  readonly egress: readonly Traffic[];
}

export interface Traffic {
  /** `tcp`, `udp`, `icmp`, `-1` for all, or a number of IANA's. */
  readonly protocol: string;
  /** Ports; for ICMP type and code, -1 for any. */
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
  /** Source networks that may connect. */
  readonly cidrs: readonly string[];
}

/** One public address that leads to an instance. */
export interface Route {
  readonly publicAddress: string;
  readonly instanceId: string;
  readonly privateAddress: string;
  /** TCP ports opened by the instance's security groups; nothing else is forwarded. */
  readonly ports: readonly PortRange[];
}

/** The public side of the cloud: forwards plain TCP from public addresses to instances. */
export interface PublicNetwork {
  /**
   * Makes the forwarding equal to `routes`. A public address that now leads to another instance takes effect
   * after the cloud's move delay; opened and closed ports, new and vanished addresses take effect at once.
   */
  apply(routes: readonly Route[]): void;
}
