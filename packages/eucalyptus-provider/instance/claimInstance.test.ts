import { describe, expect, test } from "@jest/globals";
import { CloudError, type Instance } from "@planet/eucalyptus-client";
import { CLIENT_TOKEN, COMPLETE_TAG, REPLACES_TAG } from "@planet/eucalyptus-client/marks";
import { liveInstance } from "../testing/facts.ts";
import { claimInstance } from "./claimInstance.ts";
import { clientToken } from "./launch.ts";

const URN = "urn:pulumi:s::p::aws:ec2/instance:Instance::server";
const LAUNCH = { imageId: "emi-1", userData: Buffer.from("#!") };
const token = (ordinal: number) => clientToken(URN, LAUNCH, ordinal);
const complete = { [COMPLETE_TAG]: "true" };

interface Facts {
  readonly failure?: { readonly status: number; readonly startsAnyway: boolean };
  readonly replacedId?: string | undefined;
  readonly isInOwnGroup?: boolean | undefined;
}

async function claim(shown: Instance[], { failure, replacedId, isInOwnGroup = false }: Facts = {}) {
  const started: string[] = [];
  const claimed = await claimInstance(
    {
      sleep: () => Promise.resolve(),
      ec2: {
        describeInstances: (filters) =>
          Promise.resolve(shown.filter((instance) => filters["client-token"]?.includes(instance.clientToken))),
        runInstance: (launch) => {
          started.push(launch.clientToken);
          const instance = liveInstance({ instanceId: "i-new", state: "pending", clientToken: launch.clientToken });
          if (!failure) return Promise.resolve(instance);
          if (failure.startsAnyway) shown.push(instance);
          const { status } = failure;
          throw new CloudError({ code: status === 0 ? "Timeout" : "c", status, message: "no", action: "RunInstances" });
        },
      },
    },
    { urn: URN, launch: LAUNCH, replacedId, isInOwnGroup },
  );
  return { id: claimed.instance.instanceId, isOrphan: claimed.isOrphan, started };
}

test("an instance that a killed run left without tags is known by the form of its token", () => {
  expect(token(0)).toMatch(CLIENT_TOKEN);
  expect(token(1)).toMatch(CLIENT_TOKEN);
});

describe("which instance a create ends up with", () => {
  test.each<{
    name: string;
    shown: Instance[];
    id: string;
    ordinal?: number;
    replacedId?: string;
    isInOwnGroup?: boolean;
  }>([
    { name: "nothing is there: a new one", shown: [], id: "i-new", ordinal: 0 },
    { name: "our orphan is taken over", shown: [liveInstance({ clientToken: token(0) })], id: "i-1" },
    {
      name: "our orphan that still starts too",
      shown: [liveInstance({ clientToken: token(0), state: "pending" })],
      id: "i-1",
    },
    {
      name: "one that a state knows is left alone",
      shown: [liveInstance({ clientToken: token(0), tags: complete })],
      id: "i-new",
      ordinal: 1,
    },
    {
      name: "a dead one is never answered with",
      shown: [liveInstance({ clientToken: token(0), state: "terminated" })],
      id: "i-new",
      ordinal: 1,
    },
    {
      name: "one that is ending neither",
      shown: [liveInstance({ clientToken: token(0), state: "shutting-down" })],
      id: "i-new",
      ordinal: 1,
    },
    {
      name: "an orphan behind a known one is found",
      shown: [
        liveInstance({ instanceId: "i-known", clientToken: token(0), tags: complete }),
        liveInstance({ clientToken: token(1) }),
      ],
      id: "i-1",
    },
    {
      name: "what an interrupted replacement of ours has made is taken over, complete or not",
      shown: [
        liveInstance({ instanceId: "i-known", clientToken: token(0), tags: complete }),
        liveInstance({ clientToken: token(1), tags: { ...complete, [REPLACES_TAG]: "i-known" } }),
      ],
      id: "i-1",
      replacedId: "i-known",
    },
    {
      name: "what replaces another one is in somebody's state",
      shown: [liveInstance({ clientToken: token(0), tags: { ...complete, [REPLACES_TAG]: "i-other" } })],
      id: "i-new",
      ordinal: 1,
      replacedId: "i-known",
    },
    {
      name: "what is to be replaced never takes its own place, even when it could not be tagged",
      shown: [liveInstance({ instanceId: "i-known", clientToken: token(0) })],
      id: "i-new",
      ordinal: 1,
      replacedId: "i-known",
    },
    {
      name: "a complete one beside what is replaced may be an older entry of the state",
      shown: [
        liveInstance({ instanceId: "i-known", clientToken: token(0), tags: complete }),
        liveInstance({ instanceId: "i-older", clientToken: token(1), tags: complete }),
      ],
      id: "i-new",
      ordinal: 2,
      replacedId: "i-known",
      isInOwnGroup: true,
    },
    {
      name: "by force: never the one that is to be replaced",
      shown: [liveInstance({ instanceId: "i-known", clientToken: token(0), tags: complete })],
      id: "i-new",
      ordinal: 1,
      isInOwnGroup: true,
    },
    {
      name: "by force once more: what the first time has made, as long as the old one lives",
      shown: [
        liveInstance({ instanceId: "i-known", clientToken: token(0), tags: complete }),
        liveInstance({ clientToken: token(1), tags: { ...complete, [REPLACES_TAG]: "i-known" } }),
      ],
      id: "i-1",
      isInOwnGroup: true,
    },
    {
      name: "by force after a replacement that is over: a new one",
      shown: [liveInstance({ clientToken: token(1), tags: { ...complete, [REPLACES_TAG]: "i-ended" } })],
      id: "i-new",
      ordinal: 0,
      isInOwnGroup: true,
    },
    {
      name: "more than one batch of dead ones",
      shown: Array.from({ length: 12 }, (_, index) => liveInstance({ clientToken: token(index), state: "terminated" })),
      id: "i-new",
      ordinal: 12,
    },
  ])("$name", async ({ shown, id, ordinal, replacedId, isInOwnGroup }) => {
    expect(await claim(shown, { replacedId, isInOwnGroup })).toEqual({
      id,
      isOrphan: ordinal === undefined,
      started: ordinal === undefined ? [] : [token(ordinal)],
    });
  });
});

describe("a launch that fails", () => {
  test.each([0, 500])("status %d: the instance may have started all the same, and is found", async (status) => {
    expect(await claim([], { failure: { status, startsAnyway: true } })).toMatchObject({
      id: "i-new",
      started: [token(0)],
    });
  });

  test.each([0, 400, 500])("status %d: nothing started, nothing is repeated", async (status) => {
    await expect(claim([], { failure: { status, startsAnyway: false } })).rejects.toMatchObject({ status });
  });
});

describe("the token", () => {
  test("is 64 hex digits, equal for equal launches and different otherwise", () => {
    expect(token(0)).toMatch(/^[0-9a-f]{64}$/);
    expect(clientToken(URN, { userData: Buffer.from("#!"), imageId: "emi-1" }, 0)).toBe(token(0));
    const others = [
      clientToken(URN, LAUNCH, 1),
      clientToken("other", LAUNCH, 0),
      clientToken(URN, { ...LAUNCH, userData: Buffer.from("#") }, 0),
      clientToken(URN, { ...LAUNCH, keyName: "k" }, 0),
    ];
    expect(new Set([token(0), ...others]).size).toBe(5);
  });
});
