import { readFileSync } from "node:fs";
import { CERTIFICATE_OBJECT, keyIdOf, memoryPrefix, permitPrefix } from "@planet/content";
import { publicReader } from "@planet/content/live";
import { readSite } from "@planet/content/siteFolder";
import { publicBucketUrl } from "@planet/eucalyptus-client/serviceUrls";
import * as pulumi from "@pulumi/pulumi";
import { Balancer, zonesOf } from "./components/balancer.ts";
import { writeBundle } from "./components/bundle.ts";
import { eucalyptusProvider } from "./components/cloud.ts";
import { ConfigBucket } from "./components/configBucket.ts";
import { hideAnswers } from "./components/hideAnswers.ts";
import { permitKinds, serverSecrets } from "./components/permit.ts";
import { balancerReader, checkBalancer } from "./components/preflight/balancer.ts";
import { checkPermit } from "./components/preflight/lowestPermit.ts";
import { checkPassphrase } from "./components/preflight/passphrase.ts";
import { prepareContent } from "./components/preflight/prepareContent.ts";
import { signingKeyId } from "./components/preflight/signingKey.ts";
import { checkAdopted, PublicAddress } from "./components/publicAddress.ts";
import { Publication } from "./components/publication.ts";
import { Readiness } from "./components/readiness.ts";
import { keyNameOf, Server } from "./components/server.ts";
import { Traffic } from "./components/traffic.ts";
import { loadSettings, readStackFile } from "./settings/loadSettings.ts";
import { isLocalCloud } from "./settings/settings.ts";
import { renderServer } from "./userdata/render.ts";

hideAnswers();
const settings = loadSettings();
const bucketLocation = publicBucketUrl(settings.endpoint, settings.bucket);

// Everything that can be refused is refused here, in preview and update alike, before a resource is registered.
const kinds = permitKinds(settings);
const accessKeyId = kinds.length > 0 ? signingKeyId(process.env) : "";
const { https, permit, ...otherSettings } = settings;
if (https && !isLocalCloud(settings.endpoint))
  checkPassphrase(readStackFile(settings.stack), settings.stack, process.env);
const reader = publicReader(bucketLocation);
const content = await prepareContent(settings, readSite("site"), bucketLocation, reader);
if (kinds.length > 0) await checkPermit(permit, reader);
const bundle = await writeBundle();
const keyName = keyNameOf(settings);
const isLive = settings.rollout === "live";
const rendered = renderServer(
  {
    ...otherSettings,
    bucketUrl: bucketLocation,
    bundle: bundle.sha256,
    ...(!isLive && { content: content.digest }),
    ...(settings.memory && { memoryPermit: { prefix: memoryPrefix(permit), accessKeyId } }),
    ...(https && { https: { ...https, permit, accessKeyId } }),
    isOneOfSeveral: settings.servers > 0,
  },
  { imageId: settings.image, instanceType: settings.instanceType, keyName, generation: settings.generation },
  readFileSync("userdata/planet.sh", "utf8"),
);

const cloud = eucalyptusProvider("eucalyptus", settings);
const inCloud = { providers: { aws: cloud } };
if (settings.address !== undefined) await checkAdopted(settings.address, cloud);
if (settings.servers > 0)
  await checkBalancer({ project: pulumi.getProject(), stack: settings.stack }, await balancerReader(settings));

const config = new ConfigBucket(
  "config",
  {
    bucket: settings.bucket,
    bundle,
    content,
    ...(kinds.length > 0 && { written: { folders: kinds.map((kind) => permitPrefix(kind, permit)), permit } }),
    isKept: settings.memory && settings.keepMemory,
  },
  inCloud,
);
const publish = (after: pulumi.Resource[]) => new Publication("publication", { config, content, after }, inCloud);
const published = isLive ? publish([]) : undefined;

const place = { bucket: settings.bucket, bucketUrl: bucketLocation };
const secrets = serverSecrets({ ...place, kinds, permit, accessKeyId });
const server = new Server(
  "planet",
  {
    ...rendered,
    imageId: settings.image,
    instanceType: settings.instanceType,
    keyName,
    ...(settings.publicKey !== undefined && { publicKey: settings.publicKey }),
    stack: settings.stack,
    sshFrom: settings.sshFrom,
    hasHttps: https !== undefined,
    secrets,
    needs: [...config.immutable, ...(published ? [published.manifest] : [])],
  },
  inCloud,
);

const certificate = https && {
  host: https.names.join(","),
  // A hash of the key, which everybody may read in the bucket, too.
  keyId: pulumi.unsecret(pulumi.output(secrets.PLANET_TLS_KEY ?? "").apply(keyIdOf)),
  certificateUrl: `${bucketLocation}/${permitPrefix("tls", permit)}${CERTIFICATE_OBJECT}`,
};

// One server is behind an elastic address, several are behind a balancer; both ways at once while a DNS name moves.
const common = { release: rendered.release, deadlineSeconds: settings.readyDeadlineSeconds, certificate };
const where = { endpoint: settings.endpoint, region: settings.region };
const alone = settings.servers === 0 || settings.keepServer ? server.one() : undefined;
const publicAddress =
  alone &&
  new PublicAddress(
    "address",
    {
      ...common,
      instanceId: alone.id,
      ...(settings.address !== undefined && { address: settings.address }),
      keepAddress: settings.keepAddress,
      drainingSeconds: settings.drainingSeconds,
      after: new Readiness("readiness", { ...common, ...where, server: alone }).gate,
    },
    inCloud,
  );
const balancer =
  settings.servers === 0
    ? undefined
    : new Balancer(
        "balancer",
        { stack: settings.stack, zones: await zonesOf(cloud), hasHttps: https !== undefined },
        inCloud,
      );
const traffic =
  balancer &&
  new Traffic(
    "traffic",
    {
      ...{ ...common, ...where, balancer, count: settings.servers },
      group: server.several({
        ...{ count: settings.servers, balancer: balancer.balancer, zones: balancer.zones },
        healing: settings.healing,
        deadlineSeconds: settings.readyDeadlineSeconds,
      }),
    },
    inCloud,
  );

// A pinned server reads its content release by hash; the plain names follow once readers have it.
if (!isLive) publish([publicAddress?.served, traffic?.served].filter((each) => each !== undefined));

const host = https?.names[0] ?? balancer?.dnsName ?? publicAddress?.address;

/**
 * The stack's outputs; only those that it has, or Pulumi warns of each that it has not. After a readiness that failed,
 * `instanceId` and `release` name the new server, which is not in service: the address is still on the old one.
 * `npx planet status` shows which release is served.
 */
export default {
  url: pulumi.interpolate`${https ? "https" : "http"}://${host}/`,
  ...(publicAddress && { address: publicAddress.address }),
  ...(alone && { instanceId: alone.id }),
  // Where a reader's CNAME leads to.
  ...(balancer && { dnsName: balancer.dnsName, servers: settings.servers }),
  release: rendered.release,
  contentDigest: content.digest,
  bucketUrl: bucketLocation,
  ...(certificate && { certificateKeyId: certificate.keyId }),
};
