/** The same resources for both tools. */
export interface Wanted {
  readonly endpoint: string;
  /** Another number makes another server. */
  readonly generation: number;
  readonly objects: number;
  readonly image: string;
  readonly publicKey: string;
}

const bodyOf = (index: number) => `file ${index} of the benchmark\n`;
const userDataOf = (generation: number) => `#!/bin/sh\n# generation ${generation}\n`;

/** An `index.ts` for our provider. */
export function pulumiProgram({ endpoint, generation, objects, image, publicKey }: Wanted): string {
  const files = Array.from({ length: objects }, (_, index) => bodyOf(index));
  // Each type by its own module, as this project's stack does: the whole package would cost a second and 200 MB.
  return `import { Eip } from "@pulumi/aws/ec2/eip.js";
import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { KeyPair } from "@pulumi/aws/ec2/keyPair.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
const provider = new Provider("cloud", {
  region: "eucalyptus",
  endpoints: [{ ec2: "${endpoint}/services/compute/", s3: "${endpoint}/services/objectstorage/" }],
  skipCredentialsValidation: true, skipMetadataApiCheck: true, skipRegionValidation: true,
  skipRequestingAccountId: true, s3UsePathStyle: true,
});
const options = { provider };
const bucket = new Bucket("bucket", { bucket: "bench-ours" }, options);
for (const [index, content] of ${JSON.stringify(files)}.entries()) {
  const key = \`file-\${index}.txt\`;
  new BucketObjectv2(key, { bucket: bucket.bucket, key, content, contentType: "text/plain", acl: "public-read" }, options);
}
const key = new KeyPair("key", { keyName: "bench-ours", publicKey: "${publicKey}" }, options);
const everywhere = ["0.0.0.0/0"];
const group = new SecurityGroup("group", {
  name: "bench-ours",
  description: "benchmark",
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: everywhere }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: everywhere }],
}, options);
const server = new Instance("server", {
  ami: "${image}",
  instanceType: "t2.small",
  keyName: key.keyName,
  vpcSecurityGroupIds: [group.id],
  userData: ${JSON.stringify(userDataOf(generation))},
  userDataReplaceOnChange: true,
}, options);
const address = new Eip("address", {}, options);
new EipAssociation("association", {
  publicIp: address.publicIp, instanceId: server.id, allowReassociation: true,
}, options);
`;
}

/** A `main.tf` for Terraform's AWS provider. */
export function terraformProgram({ endpoint, generation, objects, image, publicKey }: Wanted): string {
  const files = Array.from({ length: objects }, (_, index) => `"file-${index}.txt" = ${JSON.stringify(bodyOf(index))}`);
  return `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "eucalyptus"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
  endpoints {
    ec2 = "${endpoint}/services/compute/"
    s3  = "${endpoint}/services/objectstorage/"
    sts = "${endpoint}/services/Tokens/"
  }
}
resource "aws_s3_bucket" "bucket" {
  bucket = "bench-theirs"
}
resource "aws_s3_object" "file" {
  for_each     = { ${files.join(", ")} }
  bucket       = aws_s3_bucket.bucket.bucket
  key          = each.key
  content      = each.value
  content_type = "text/plain"
  acl          = "public-read"
}
resource "aws_key_pair" "key" {
  key_name   = "bench-theirs"
  public_key = "${publicKey}"
}
resource "aws_security_group" "group" {
  name        = "bench-theirs"
  description = "benchmark"
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "server" {
  ami                         = "${image}"
  instance_type               = "t2.small"
  key_name                    = aws_key_pair.key.key_name
  vpc_security_group_ids      = [aws_security_group.group.id]
  user_data                   = ${JSON.stringify(userDataOf(generation))}
  user_data_replace_on_change = true
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_eip" "address" {
  domain = "vpc"
}
resource "aws_eip_association" "association" {
  allocation_id       = aws_eip.address.id
  instance_id         = aws_instance.server.id
  allow_reassociation = true
}
`;
}
