"""Puts a file into a bucket, public-read, as an operator does: with a client that knows nothing of this project.

Usage: put_object.py <s3 endpoint> <signature: s3 (V2) or s3v4> <bucket> <key> <file>
"""
import sys

import boto3
from botocore.config import Config

endpoint, signature, bucket, key, path = sys.argv[1:]
client = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="eucalyptus",
    config=Config(signature_version=signature, s3={"addressing_style": "path"}),
)
with open(path, "rb") as body:
    client.put_object(Bucket=bucket, Key=key, Body=body.read(), ACL="public-read", ContentType="text/plain")
