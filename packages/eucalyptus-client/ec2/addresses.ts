import type { Address as SdkAddress } from "@aws-sdk/client-ec2";
import { CloudError } from "../cloudError.ts";
import { needed } from "../http/foreignAnswer.ts";
import { nothing } from "../http/nothing.ts";
import { type FILTER_NAMES, type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";
import { tagMap } from "./tags.ts";

/** An elastic address of the account. In EDGE it has neither allocation nor association id: both are "". */
export interface Address {
  readonly publicAddress: string;
  readonly allocationId: string;
  readonly associationId: string;
  readonly domain: "vpc" | "standard";
  /** Who holds it; "" when free. In EDGE it still names an instance that is shutting down. */
  readonly instanceId: string;
  readonly networkInterfaceId: string;
  readonly privateAddress: string;
  readonly tags: Readonly<Record<string, string>>;
}

type AddressFilter = (typeof FILTER_NAMES)["addresses"][number];

export function addressCalls(send: Send) {
  return {
    /** Unknown addresses are left out without an error. Order: by address. */
    describeAddresses: (filters: Filters<AddressFilter>): Promise<Address[]> =>
      send(
        "DescribeAddresses",
        (sdk) => new sdk.DescribeAddressesCommand(sdkFilters(filters)),
        ({ Addresses = [] }) =>
          Addresses.map(fromSdk).toSorted((a, b) => a.publicAddress.localeCompare(b.publicAddress)),
      ),

    /** By allocation id (`eipalloc-…`) or by public address. */
    async findAddress(id: string): Promise<Address | undefined> {
      const [address] = await this.describeAddresses({
        [id.startsWith("eipalloc-") ? "allocation-id" : "public-ip"]: [id],
      });
      return address;
    },

    /** No Domain on purpose: the cloud's default fits the account, and `vpc` in EDGE gives an unusable address. */
    allocateAddress: (wanted: {
      readonly publicAddress?: string | undefined;
    }): Promise<{ publicAddress: string; allocationId: string }> =>
      send(
        "AllocateAddress",
        (sdk) => new sdk.AllocateAddressCommand({ Address: wanted.publicAddress }),
        ({ PublicIp, AllocationId = "", Domain }) => ({
          publicAddress: needed(PublicIp, "publicIp"),
          allocationId: Domain === "vpc" ? needed(AllocationId, "allocationId") : AllocationId,
        }),
      ),

    /** Answers the association id, "" in EDGE. In EDGE `allowReassociation` is not looked at by the cloud. */
    async associateAddress(wanted: {
      readonly address: Pick<Address, "publicAddress" | "allocationId">;
      readonly instanceId: string;
      readonly allowReassociation: boolean;
    }): Promise<string> {
      const { address, instanceId, allowReassociation } = wanted;
      return send(
        "AssociateAddress",
        (sdk) =>
          new sdk.AssociateAddressCommand({
            ...named(address),
            InstanceId: instanceId,
            AllowReassociation: allowReassociation,
          }),
        ({ AssociationId = "" }) =>
          address.allocationId === "" ? AssociationId : needed(AssociationId, "associationId"),
      );
    },

    /** `eipassoc-…` in VPC, the public address in EDGE. */
    async disassociateAddress(id: string): Promise<void> {
      const request = id.startsWith("eipassoc-") ? { AssociationId: id } : { PublicIp: id };
      await send("DisassociateAddress", (sdk) => new sdk.DisassociateAddressCommand(request), nothing);
    },

    /** In EDGE also an associated address is released without a word. */
    async releaseAddress(address: Pick<Address, "publicAddress" | "allocationId">): Promise<void> {
      await send("ReleaseAddress", (sdk) => new sdk.ReleaseAddressCommand(named(address)), nothing);
    },
  };
}

function named({ allocationId, publicAddress }: Pick<Address, "publicAddress" | "allocationId">) {
  if (allocationId !== "") return { AllocationId: allocationId };
  if (publicAddress !== "") return { PublicIp: publicAddress };
  throw new CloudError({
    code: "MissingParameter",
    status: 0,
    message: "no address is named",
    action: "elastic address",
  });
}

function fromSdk(address: SdkAddress): Address {
  return {
    publicAddress: needed(address.PublicIp, "publicIp"),
    allocationId: address.Domain === "vpc" ? needed(address.AllocationId, "allocationId") : "",
    associationId: address.AssociationId ?? "",
    domain: address.Domain === "vpc" ? "vpc" : "standard",
    instanceId: address.InstanceId ?? "",
    networkInterfaceId: address.NetworkInterfaceId ?? "",
    privateAddress: address.PrivateIpAddress ?? "",
    tags: tagMap(address.Tags),
  };
}
