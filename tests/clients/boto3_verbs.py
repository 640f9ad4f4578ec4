"""The everyday verbs of boto3 on a cloud, and what it refuses: one line of JSON for each, [verb, what came of it].

Usage: boto3_verbs.py <ec2 endpoint> <s3 endpoint> <signature of S3: s3 (V2) or s3v4>
"""
import io
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ec2_endpoint, s3_endpoint, signature = sys.argv[1:]
once = {"retries": {"total_max_attempts": 1}}
bucket = f"boto-{signature}"
ec2 = boto3.client("ec2", endpoint_url=ec2_endpoint, region_name="eucalyptus", config=Config(**once))


def s3_client(version):
    config = Config(signature_version=version, s3={"addressing_style": "path"}, **once)
    return boto3.client("s3", endpoint_url=s3_endpoint, region_name="eucalyptus", config=config)


s3 = s3_client(signature)
# Its version 2 signs another path than it sends when the path is a bucket's; nobody has seen what a real cloud says to that.
buckets = s3_client("s3v4")


def say(verb, act):
    try:
        print(json.dumps([verb, act()], default=str))
    except ClientError as error:
        answer = error.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        print(json.dumps([verb, f"{status} {answer['Error']['Code']}: {answer['Error']['Message'].strip()}"]))


large = b"x" * (12 * 1024 * 1024)

group = ec2.create_security_group(GroupName=f"web-{signature}", Description="web")["GroupId"]
web = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "d"}]}]
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=web)
say("groups", lambda: ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"][0]["FromPort"])
image = ec2.describe_images()["Images"][0]["ImageId"]
launched = ec2.run_instances(
    ImageId=image,
    InstanceType="t2.small",
    MinCount=1,
    MaxCount=1,
    SecurityGroupIds=[group],
    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": bucket}]}],
)["Instances"][0]["InstanceId"]
ec2.get_waiter("instance_running").wait(InstanceIds=[launched], WaiterConfig={"Delay": 1})
tagged = [{"Name": "tag:Name", "Values": [bucket]}]
say("tags", lambda: len(ec2.describe_instances(Filters=tagged)["Reservations"]))
address = ec2.allocate_address(Domain="vpc")
ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=launched)
say("address", lambda: ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"][0]["InstanceId"] == launched)
ec2.disassociate_address(AssociationId=ec2.describe_addresses()["Addresses"][0]["AssociationId"])
ec2.release_address(AllocationId=address["AllocationId"])
ec2.terminate_instances(InstanceIds=[launched])
ec2.get_waiter("instance_terminated").wait(InstanceIds=[launched], WaiterConfig={"Delay": 1})
ec2.delete_security_group(GroupId=group)
say("dry run", lambda: ec2.describe_instances(DryRun=True))
say("addresses attribute", lambda: ec2.describe_addresses_attribute())
say("launch template", lambda: ec2.describe_launch_templates())

buckets.create_bucket(Bucket=bucket)
s3.put_object(Bucket=bucket, Key="a b+c", Body=b"text", ContentType="text/plain", ACL="public-read")
say("object", lambda: s3.get_object(Bucket=bucket, Key="a b+c")["Body"].read().decode())
say("type", lambda: s3.head_object(Bucket=bucket, Key="a b+c")["ContentType"])
s3.upload_fileobj(io.BytesIO(large), bucket, "large")
say("parts", lambda: s3.get_object(Bucket=bucket, Key="large")["Body"].read() == large)
say("list", lambda: [one["Key"] for one in buckets.list_objects_v2(Bucket=bucket)["Contents"]])
s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a b+c"})
say("delete", lambda: len(buckets.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "copy"}, {"Key": "a b+c"}]})["Deleted"]))
say("copy in parts", lambda: s3.upload_part_copy(
    Bucket=bucket, Key="c", PartNumber=1, CopySource={"Bucket": bucket, "Key": "large"},
    UploadId=s3.create_multipart_upload(Bucket=bucket, Key="c")["UploadId"],
))
say("tag an object", lambda: s3.put_object_tagging(Bucket=bucket, Key="large", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]}))
say("website", lambda: buckets.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "i"}}))
say("no bucket", lambda: buckets.list_objects_v2(Bucket="missing-bucket"))
for upload in buckets.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
    s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
s3.delete_object(Bucket=bucket, Key="large")
say("not empty no more", lambda: buckets.delete_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"])
